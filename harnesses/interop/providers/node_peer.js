// A TLS client or server of Node. usage: node node_peer.js client|server OPTIONS
// OPTIONS is a JSON object; python_peer.py is a twin that takes the same.
//   client: port, and  ca FILE, name, alpn [...], groups "A:B", suites "C:D", versions [min, max],
//                      keylog FILE,
//                      session FILE (resume it if it is there, and keep the new one), get (a request; its answer goes to
//                      standard output), echo (so many bytes there and back), exporter [LABEL, bytes]
//   server: cert FILE, key FILE, and  alpn, groups, suites, versions, echo
// It says "word: value" on standard error, also "error: NAME" if it fails; a client then ends with status 1.
'use strict';
const fs = require('fs');
const tls = require('tls');

const [, , role, text] = process.argv;
const options = JSON.parse(text);
const say = (word, value) => process.stderr.write(`${word}: ${value}\n`);
const nameOf = (error) => error.code || error.message;

const common = {
  ALPNProtocols: options.alpn,
  ecdhCurve: options.groups || tls.DEFAULT_ECDH_CURVE,
  ciphers: options.suites,
  minVersion: (options.versions || [])[0],
  maxVersion: (options.versions || [])[1],
};

function pattern(size) {
  const bytes = Buffer.alloc(size);
  for (let i = 0; i < size; ++i) bytes[i] = (i * 31 + (i >> 8)) & 0xff;
  return bytes;
}

function client() {
  const kept = options.session && fs.existsSync(options.session) ? fs.readFileSync(options.session) : undefined;
  const socket = tls.connect({
    ...common, host: '127.0.0.1', port: options.port, session: kept, servername: options.name || '',
    ca: options.ca && fs.readFileSync(options.ca),
    checkServerIdentity: (_, certificate) => tls.checkServerIdentity(options.name || '127.0.0.1', certificate),
  });
  const got = [];
  if (options.session) socket.on('session', (session) => fs.writeFileSync(options.session, session));
  socket.on('keylog', (line) => options.keylog && fs.appendFileSync(options.keylog, line));
  socket.on('secureConnect', () => {
    say('version', socket.getProtocol());
    say('suite', socket.getCipher().standardName);
    say('alpn', socket.alpnProtocol || 'none');
    say('resumed', socket.isSessionReused() ? 'yes' : 'no');
    if (options.exporter) say('exported', socket.exportKeyingMaterial(options.exporter[1], options.exporter[0]).toString('hex'));
    if (options.get) socket.write('GET / HTTP/1.0\r\n\r\n');
    if (options.echo) socket.end(pattern(options.echo));
  });
  socket.on('data', (bytes) => got.push(bytes));
  socket.on('end', () => {
    const all = Buffer.concat(got);
    if (options.get) process.stdout.write(all);
    if (options.echo) say('echoed', all.equals(pattern(options.echo)) ? all.length : `${all.length}, which are not those sent`);
    socket.end();
  });
  socket.on('error', (error) => {
    say('error', nameOf(error));
    process.exitCode = 1;
  });
}

function server() {
  const server = tls.createServer({...common, cert: fs.readFileSync(options.cert), key: fs.readFileSync(options.key),
                                   allowHalfOpen: true}, (socket) => {
    say('version', socket.getProtocol());
    say('alpn', socket.alpnProtocol || 'none');
    say('server name', socket.servername || 'none');
    if (options.echo) {
      socket.pipe(socket);
    } else {
      socket.once('data', () => socket.end('HTTP/1.0 200 OK\r\n\r\nfrom node\n'));
    }
    socket.on('error', (error) => say('error', nameOf(error)));
  });
  server.on('tlsClientError', (error) => say('error', nameOf(error)));
  server.listen(0, '127.0.0.1', () => say('listening on', server.address().port));
}

({client, server})[role]();
