// A shim of the pipe protocol (harnesses/stacks/PIPE.md) over Go's crypto/tls. Before Go 1.21 that does not know extended_master_secret,
// so it completes no handshake of TLS 1.2 with the scripted peer.
//
//	go build -o build/shim harnesses/stacks/pipe/shim.go && tocsin probe --pipe 'exec build/shim'
package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"
)

const (
	hello, makeEnd, receive, endOfStream, send, updateKeys, closeEnd, release = 1, 2, 3, 4, 5, 6, 7, 8
	welcome, state, cannot                                                    = 128, 129, 130
	handshaking, complete, failed                                             = 0, 1, 2

	protocol, role, version, suite, group, scheme, alpn, serverName           = 1, 3, 5, 6, 7, 8, 9, 10
	certificate, privateKey, authority, clientAuthentication, fragment, input = 11, 12, 13, 14, 16, 17
	name, nameVersion, status, isDone, output, data, failure, isClosed        = 32, 33, 35, 36, 37, 38, 39, 42
	alertReceived, secret                                                     = 41, 43
)

type fields map[byte][][]byte

func (f fields) one(tag byte) []byte {
	if len(f[tag]) == 0 {
		return nil
	}
	return f[tag][0]
}

func (f fields) codes(tag byte) (codes []uint16) {
	for _, value := range f[tag] {
		codes = append(codes, binary.BigEndian.Uint16(value))
	}
	return codes
}

// An end, and the connection that it runs on: a goroutine runs the handshake and reads, until it waits for more bytes.
type end struct {
	mutex            sync.Mutex
	changed          *sync.Cond
	incoming         bytes.Buffer
	outgoing, data   bytes.Buffer
	keyLog           bytes.Buffer
	isAtEnd          bool
	isWaiting        bool // for bytes, or over
	isComplete       bool
	isClosed         bool
	err              error
	tls              *tls.Conn
	isReleased, over bool
}

func (e *end) Read(into []byte) (int, error) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	for e.incoming.Len() == 0 && !e.isAtEnd && !e.isReleased {
		e.isWaiting = true
		e.changed.Broadcast()
		e.changed.Wait()
	}
	if e.incoming.Len() == 0 {
		return 0, io.EOF
	}
	return e.incoming.Read(into)
}

func (e *end) Write(from []byte) (int, error) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	return e.outgoing.Write(from)
}
func (e *end) Close() error                     { return nil }
func (e *end) LocalAddr() net.Addr              { return &net.IPAddr{} }
func (e *end) RemoteAddr() net.Addr             { return &net.IPAddr{} }
func (e *end) SetDeadline(time.Time) error      { return nil }
func (e *end) SetReadDeadline(time.Time) error  { return nil }
func (e *end) SetWriteDeadline(time.Time) error { return nil }

func (e *end) run() {
	err := e.tls.Handshake()
	e.mutex.Lock()
	e.isComplete = err == nil
	e.mutex.Unlock()
	buffer := make([]byte, 65536)
	for err == nil {
		var size int
		size, err = e.tls.Read(buffer)
		e.mutex.Lock()
		e.data.Write(buffer[:size])
		e.mutex.Unlock()
	}
	e.mutex.Lock()
	e.isClosed = e.isComplete && errors.Is(err, io.EOF) && !e.isAtEnd
	if !e.isClosed {
		e.err = err
	}
	e.over = true
	e.changed.Broadcast()
	e.mutex.Unlock()
}

// Does something with the end, and waits until it has gone as far as it can.
func (e *end) after(do func()) (byte, fields) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.isWaiting = false
	do()
	e.changed.Broadcast()
	for !e.isWaiting && !e.over {
		e.changed.Wait()
	}
	return e.state(true)
}

func (e *end) state(done bool) (byte, fields) {
	answer := fields{output: {append([]byte{}, e.outgoing.Bytes()...)}, data: {append([]byte{}, e.data.Bytes()...)}}
	e.outgoing.Reset()
	e.data.Reset()
	now := byte(handshaking)
	if e.err != nil {
		now = failed
		answer[failure] = [][]byte{[]byte(e.err.Error())}
		// The alert's number is in a type that is not exported.
		var told *net.OpError
		if errors.Is(e.err, io.EOF) && !e.isAtEnd {
			answer[alertReceived] = [][]byte{{1, 0}} // close_notify
		} else if errors.As(e.err, &told) && told.Op == "remote error" {
			answer[alertReceived] = [][]byte{{2, 80}}
		}
	} else if e.isComplete {
		now = complete
	}
	answer[status], answer[isDone], answer[isClosed] = one(now), flag(done), flag(e.isClosed)
	for _, line := range strings.Split(e.keyLog.String(), "\n") {
		if words := strings.Fields(line); len(words) == 3 && words[0] == "SERVER_HANDSHAKE_TRAFFIC_SECRET" {
			value, _ := hex.DecodeString(words[2])
			answer[secret] = [][]byte{value}
		}
	}
	return state, answer
}

func one(value byte) [][]byte { return [][]byte{{value}} }

func flag(value bool) [][]byte {
	if value {
		return one(1)
	}
	return one(0)
}

var groups = map[uint16]tls.CurveID{0x1d: tls.X25519, 0x17: tls.CurveP256, 0x18: tls.CurveP384}

func configure(asked fields, isServer bool, keyLog io.Writer) (*tls.Config, error) {
	config := &tls.Config{KeyLogWriter: keyLog, SessionTicketsDisabled: true, DynamicRecordSizingDisabled: true,
		ServerName: string(asked.one(serverName)), MinVersion: tls.VersionTLS13, MaxVersion: tls.VersionTLS12}
	for _, code := range asked.codes(version) {
		if code < config.MinVersion {
			config.MinVersion = code
		}
		if code > config.MaxVersion {
			config.MaxVersion = code
		}
	}
	ofTLS13 := 0
	for _, code := range asked.codes(suite) {
		if code>>8 == 0x13 {
			ofTLS13++
		}
		config.CipherSuites = append(config.CipherSuites, code)
	}
	if config.MaxVersion == tls.VersionTLS13 && ofTLS13 < 3 {
		return nil, errors.New("crypto/tls cannot choose suites of TLS 1.3")
	}
	if len(asked[scheme]) != 10 {
		return nil, errors.New("crypto/tls cannot choose signature schemes")
	}
	if asked.one(fragment) != nil {
		return nil, errors.New("crypto/tls does not know max_fragment_length")
	}
	for _, code := range asked.codes(group) {
		config.CurvePreferences = append(config.CurvePreferences, groups[code])
	}
	for _, protocol := range asked[alpn] {
		config.NextProtos = append(config.NextProtos, string(protocol))
	}
	if asked.one(certificate) != nil {
		pair, err := tls.X509KeyPair(asked.one(certificate), asked.one(privateKey))
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{pair}
	}
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(asked.one(authority))
	config.RootCAs, config.ClientCAs = trusted, trusted
	if wanted := asked.one(clientAuthentication); wanted != nil {
		config.ClientAuth = map[byte]tls.ClientAuthType{1: tls.VerifyClientCertIfGiven, 2: tls.RequireAndVerifyClientCert}[wanted[0]]
	}
	return config, nil
}

func answer(ends map[string]*end, kind byte, asked fields) (byte, fields) {
	if kind == hello {
		return welcome, fields{protocol: {{0, 1}}, name: {[]byte("Go crypto/tls")}, nameVersion: {[]byte(runtime.Version())},
			role: {{1}, {2}}, version: {{3, 3}, {3, 4}}}
	}
	id := string(asked.one(2))
	if kind == makeEnd {
		e := &end{}
		e.changed = sync.NewCond(&e.mutex)
		isServer := asked.one(role)[0] == 1
		config, err := configure(asked, isServer, &e.keyLog)
		if err != nil {
			return cannot, fields{failure: {[]byte(err.Error())}}
		}
		if isServer {
			e.tls = tls.Server(e, config)
		} else {
			e.tls = tls.Client(e, config)
		}
		ends[id] = e
		return e.after(func() { go e.run() })
	}
	e := ends[id]
	switch kind {
	case release:
		e.mutex.Lock()
		e.isReleased = true
		e.changed.Broadcast()
		e.mutex.Unlock()
		delete(ends, id)
		return state, fields{status: one(handshaking)}
	case receive:
		return e.after(func() { e.incoming.Write(asked.one(input)) })
	case endOfStream:
		return e.after(func() { e.isAtEnd = true })
	}
	done := true
	if kind == send {
		_, err := e.tls.Write(asked.one(input))
		done = err == nil
	} else if kind == closeEnd {
		done = e.tls.CloseWrite() == nil
	}
	e.mutex.Lock()
	defer e.mutex.Unlock()
	return e.state(done)
}

func main() {
	ends := map[string]*end{}
	in, out := bufio.NewReader(os.Stdin), bufio.NewWriter(os.Stdout)
	for {
		head := make([]byte, 4)
		if _, err := io.ReadFull(in, head); err != nil {
			return
		}
		message := make([]byte, binary.BigEndian.Uint32(head))
		if _, err := io.ReadFull(in, message); err != nil {
			return
		}
		asked := fields{}
		for at := 1; at < len(message); {
			tag, size := message[at], int(binary.BigEndian.Uint32(message[at+1:]))
			asked[tag] = append(asked[tag], message[at+5:at+5+size])
			at += 5 + size
		}
		kind, answered := answer(ends, message[0], asked)
		body := []byte{kind}
		for tag, values := range answered {
			for _, value := range values {
				body = append(binary.BigEndian.AppendUint32(append(body, tag), uint32(len(value))), value...)
			}
		}
		out.Write(binary.BigEndian.AppendUint32(nil, uint32(len(body))))
		out.Write(body)
		out.Flush()
	}
}
