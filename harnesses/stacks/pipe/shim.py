#!/usr/bin/env python3
"""A shim of the pipe protocol (harnesses/stacks/PIPE.md) over the ssl module, that is over the OpenSSL that Python is linked with. The
model for a shim of another stack.   usage: tocsin probe --pipe harnesses/stacks/pipe/shim.py"""
import os
import struct
import sys
import tempfile

FOLDER = tempfile.TemporaryDirectory()
SUITES13 = {0x1301: 'TLS_AES_128_GCM_SHA256', 0x1302: 'TLS_AES_256_GCM_SHA384', 0x1303: 'TLS_CHACHA20_POLY1305_SHA256'}
SUITES12 = {0xc02b: 'ECDHE-ECDSA-AES128-GCM-SHA256', 0xc02c: 'ECDHE-ECDSA-AES256-GCM-SHA384',
            0xc02f: 'ECDHE-RSA-AES128-GCM-SHA256', 0xc030: 'ECDHE-RSA-AES256-GCM-SHA384',
            0xcca8: 'ECDHE-RSA-CHACHA20-POLY1305', 0xcca9: 'ECDHE-ECDSA-CHACHA20-POLY1305'}
GROUPS = {0x1d: 'X25519', 0x17: 'P-256', 0x18: 'P-384'}
CURVES = {0x1d: 'X25519', 0x17: 'prime256v1', 0x18: 'secp384r1'}
SCHEMES = {0x0403: 'ecdsa_secp256r1_sha256', 0x0807: 'ed25519', 0x0503: 'ecdsa_secp384r1_sha384',
           0x0603: 'ecdsa_secp521r1_sha512', 0x0804: 'rsa_pss_rsae_sha256', 0x0805: 'rsa_pss_rsae_sha384',
           0x0806: 'rsa_pss_rsae_sha512', 0x0401: 'rsa_pkcs1_sha256', 0x0501: 'rsa_pkcs1_sha384', 0x0601: 'rsa_pkcs1_sha512'}
# Three lists have no function in the ssl module, so they stand in the configuration that libssl reads at its start, for all ends alike.
USUAL = {'suites': {0x1301, 0x1302, 0x1303}, 'groups': [0x1d, 0x17, 0x18], 'schemes': list(SCHEMES)}


def configure():
    path = os.path.join(FOLDER.name, 'openssl.cnf')
    with open(path, 'w') as file:
        file.write('openssl_conf = a\n[a]\nssl_conf = b\n[b]\nsystem_default = c\n[c]\nCiphersuites = '
                   f'{SUITES13[0x1301]}:{SUITES13[0x1303]}:{SUITES13[0x1302]}\nGroups = {":".join(GROUPS.values())}\n'
                   f'SignatureAlgorithms = {":".join(SCHEMES.values())}\nOptions = ServerPreference\n')
    os.environ['OPENSSL_CONF'] = path


configure()
import ssl  # noqa: E402: it reads the configuration

HELLO, MAKE, RECEIVE, END_OF_STREAM, SEND, UPDATE_KEYS, CLOSE, RELEASE = range(1, 9)
WELCOME, STATE, CANNOT = 128, 129, 130
(PROTOCOL, END, ROLE, SEED, VERSION, SUITE, GROUP, SCHEME, ALPN, NAME, CERTIFICATE, KEY, AUTHORITY, CLIENT_AUTHENTICATION,
 MIDDLEBOX, FRAGMENT, BYTES, UPDATE_REQUESTED) = range(1, 19)
(STACK, STACK_VERSION, FEATURE, STATUS, IS_DONE, OUTPUT, DATA, FAILURE, ALERT_SENT, ALERT_RECEIVED, IS_CLOSED,
 SECRET) = range(32, 44)
SERVER, CLIENT = 1, 2
HANDSHAKING, COMPLETE, FAILED = range(3)
CLOSE_NOTIFY, USER_CANCELED = 0, 90


class Unsupported(Exception):
    pass


def write_file(name, content):
    path = os.path.join(FOLDER.name, name)
    with open(path, 'wb') as file:
        file.write(content)
    return path


class Endpoint:
    def __init__(self, fields):
        self.one = lambda tag, default=b'': fields.get(tag, [default])[0]
        self.codes = lambda tag: [int.from_bytes(value, 'big') for value in fields.get(tag, [])]
        self.is_server = self.one(ROLE)[0] == SERVER
        self.status, self.failure, self.data, self.alerts, self.is_closed = HANDSHAKING, '', b'', {}, False
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if self.is_server else ssl.PROTOCOL_TLS_CLIENT)
        self.set_up(self.context, fields)
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        name = None if self.is_server else self.one(NAME).decode()
        self.tls = self.context.wrap_bio(self.incoming, self.outgoing, self.is_server, name)
        self.advance()

    def set_up(self, context, fields):
        versions, groups, suites = self.codes(VERSION), self.codes(GROUP), self.codes(SUITE)
        context.minimum_version, context.maximum_version = min(versions), max(versions)
        of_tls13 = {suite for suite in suites if suite in SUITES13}
        if 0x0304 in versions and of_tls13 != USUAL['suites']:
            raise Unsupported('the ssl module cannot choose suites of TLS 1.3')
        if self.codes(SCHEME) != USUAL['schemes']:
            raise Unsupported('the ssl module cannot choose signature schemes')
        if self.one(FRAGMENT):
            raise Unsupported('the ssl module cannot ask for max_fragment_length')
        if 0x0303 in versions:
            context.set_ciphers(':'.join(SUITES12[suite] for suite in suites if suite in SUITES12))
            context.options |= ssl.OP_NO_TICKET | ssl.OP_NO_RENEGOTIATION
        if len(groups) == 1:
            context.set_ecdh_curve(CURVES[groups[0]])
        elif groups != USUAL['groups']:
            raise Unsupported('the ssl module cannot choose groups, but for one')
        if not self.one(MIDDLEBOX, b'\1')[0]:
            context.options &= ~ssl.OP_ENABLE_MIDDLEBOX_COMPAT
        if self.one(CERTIFICATE):
            context.load_cert_chain(write_file('cert', self.one(CERTIFICATE)), write_file('key', self.one(KEY)))
        if self.one(AUTHORITY):
            context.load_verify_locations(cadata=self.one(AUTHORITY).decode())
        wanted = self.one(CLIENT_AUTHENTICATION, b'\2' if not self.is_server else b'\0')[0]
        context.verify_mode = (ssl.CERT_NONE, ssl.CERT_OPTIONAL, ssl.CERT_REQUIRED)[wanted]
        if protocols := [value.decode() for value in fields.get(ALPN, [])]:
            if self.is_server:
                raise Unsupported('a server of the ssl module goes on without a common application protocol')
            context.set_alpn_protocols(protocols)
        if self.is_server:
            context.num_tickets = 0
        self.key_log = write_file('keylog', b'')
        context.keylog_filename = self.key_log
        context._msg_callback = self.on_message  # the only place where it tells of alerts

    def on_message(self, _connection, direction, _version, content_type, _message_type, data):
        if content_type != 21 or len(data) != 2:
            return
        is_sent = direction == 'write'
        if data[1] == USER_CANCELED and data[0] != 2 or data[1] == CLOSE_NOTIFY and (is_sent or self.status != HANDSHAKING):
            return  # no errors
        self.alerts[ALERT_SENT if is_sent else ALERT_RECEIVED] = bytes(data)

    def attempt(self, call, *arguments):
        """Whether it was done; what goes wrong is for good."""
        try:
            call(*arguments)
            return True
        except ssl.SSLWantReadError:
            return False
        except OSError as error:
            self.status, self.failure = FAILED, str(error)
            return False

    def advance(self):
        if self.status == HANDSHAKING and self.attempt(self.tls.do_handshake):
            self.status = COMPLETE
        while self.status == COMPLETE and not self.is_closed and self.attempt(self.read):
            pass

    def read(self):
        try:
            data = self.tls.read(65536)
        except ssl.SSLZeroReturnError:
            data = b''
        self.data += data
        self.is_closed = not data

    def handle(self, kind, fields):
        done = True
        if kind == RECEIVE:
            self.incoming.write(fields[BYTES][0])
            self.advance()
        elif kind == END_OF_STREAM:
            self.incoming.write_eof()
            self.advance()
        elif kind == SEND:
            done = not fields[BYTES][0] or self.attempt(self.tls.write, fields[BYTES][0])
        elif kind == CLOSE:
            self.attempt(self.tls.unwrap)
        return self.state(done)

    def state(self, done=True):
        data, self.data = self.data, b''
        with open(self.key_log) as lines:
            secrets = [bytes.fromhex(line.split()[2]) for line in lines if line.startswith('SERVER_HANDSHAKE_TRAFFIC_SECRET')]
        fields = [(STATUS, bytes([self.status])), (IS_DONE, bytes([done])), (OUTPUT, self.outgoing.read()), (DATA, data),
                  (FAILURE, self.failure.encode()), (IS_CLOSED, bytes([self.is_closed])), *self.alerts.items()]
        return STATE, fields + [(SECRET, secret) for secret in secrets[:1]]


def answer(ends, kind, fields):
    if kind == HELLO:
        roles = [(ROLE, bytes([role])) for role in (SERVER, CLIENT)]
        versions = [(VERSION, struct.pack('>H', version)) for version in (0x0303, 0x0304)]
        return WELCOME, [(PROTOCOL, b'\0\1'), (STACK, b'Python ssl'), (STACK_VERSION, ssl.OPENSSL_VERSION.encode()), *roles, *versions]
    end = fields[END][0]
    if kind == MAKE:
        try:
            ends[end] = Endpoint(fields)
        except (Unsupported, ssl.SSLError) as lack:  # such as a group that this Python does not know alone
            return CANNOT, [(FAILURE, str(lack).encode())]
        return ends[end].state()
    if kind == RELEASE:
        del ends[end]
        return STATE, [(STATUS, bytes([HANDSHAKING]))]
    return ends[end].handle(kind, fields)


def main():
    ends = {}
    while len(head := sys.stdin.buffer.read(4)) == 4:
        message = sys.stdin.buffer.read(int.from_bytes(head, 'big'))
        fields, at = {}, 1
        while at < len(message):
            tag, size = struct.unpack_from('>BI', message, at)
            fields.setdefault(tag, []).append(message[at + 5:at + 5 + size])
            at += 5 + size
        kind, answered = answer(ends, message[0], fields)
        body = bytes([kind]) + b''.join(struct.pack('>BI', tag, len(value)) + value for tag, value in answered)
        sys.stdout.buffer.write(struct.pack('>I', len(body)) + body)
        sys.stdout.buffer.flush()


if __name__ == '__main__':
    main()
