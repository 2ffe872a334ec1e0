"""ci/embedding: runs the programs of ci/consumer.   usage: embedding.py FOLDER, which holds them compiled."""
import contextlib
import pathlib
import socket
import subprocess
import sys
import threading
import time

TESTDATA = pathlib.Path(__file__).resolve().parents[2] / 'harnesses/testdata'
CA, CERTIFICATE, KEY = (str(TESTDATA / name) for name in ('ca.pem', 'server-ecdsa-p256.pem', 'server-ecdsa-p256.key.pem'))
PATIENCE_S = 20
PAGE = 'It works.'
REQUEST = b'GET / HTTP/1.0\r\n\r\n'


class Wrong(Exception):
    pass


def expect(condition, what, *seen):
    if not condition:
        raise Wrong('\n'.join([what] + [str(text) for text in seen]))


def run(command, stdin=b''):
    """Exit status and both outputs as one text."""
    done = subprocess.run(command, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE_S)
    return done.returncode, done.stdout.decode(errors='replace')


def free_port():
    with socket.create_server(('127.0.0.1', 0)) as probe:
        return str(probe.getsockname()[1])


@contextlib.contextmanager
def serving(command, port):
    """A server while it runs; gives a function that ends it and returns what it said."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def finish():
        process.kill()
        return process.communicate()[0].decode(errors='replace')
    try:
        deadline = time.monotonic() + PATIENCE_S
        while True:
            expect(process.poll() is None, 'the server ended at once', ' '.join(command))
            with contextlib.suppress(OSError), socket.create_connection(('127.0.0.1', int(port)), timeout=1):
                break
            expect(time.monotonic() < deadline, 'the server does not listen', ' '.join(command))
            time.sleep(0.05)
        yield finish
    finally:
        if process.poll() is None:
            finish()


class Programs:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def client(self, port, ca=CA, host='localhost'):
        return run([str(self.folder / 'client'), host, port, ca])

    def server(self, port):
        return serving([str(self.folder / 'server'), port, CERTIFICATE, KEY], port)

    def openssl_client(self, port, *more):
        return run(['openssl', 's_client', '-connect', f'localhost:{port}', '-CAfile', CA, '-verify_return_error', '-quiet', *more],
                   REQUEST)

    def sans_io(self):
        status, text = run([str(self.folder / 'consumer')])
        expect(status == 0, 'the program without a transport failed', text)

    def client_and_server(self):
        port = free_port()
        with self.server(port):
            for _ in range(2):
                status, text = self.client(port)
                expect(status == 0 and PAGE in text, 'the client did not get the page', text)

    def server_and_openssl(self):
        port = free_port()
        with self.server(port):
            status, text = self.openssl_client(port)
            expect(status == 0 and PAGE in text, 's_client did not get the page', text)

    def client_and_openssl(self):
        port = free_port()
        with serving(['openssl', 's_server', '-accept', port, '-cert', CERTIFICATE, '-key', KEY, '-www', '-tls1_3'], port):
            status, text = self.client(port)
            expect(status == 0 and 'TLSv1.3' in text, "the client did not get s_server's page", text)

    def refused_clients_are_told(self):
        port = free_port()
        with self.server(port) as finish:
            _, text = self.openssl_client(port, '-tls1_2')
            expect('alert protocol version' in text, 's_client was not told why', text)
            status, text = self.client(port)
            expect(status == 0, 'the server does not go on after a refusal', text)
            said = finish()
            expect('version_unsupported' in said, 'the server does not say why it refused', said)

    def refused_servers_are_told(self):
        port = free_port()
        with self.server(port) as finish:
            status, text = self.client(port, ca=str(TESTDATA / 'other-ca.pem'))
            expect(status == 1 and 'certificate_issuer_unknown' in text, 'the client trusts anyone', text)
            status, text = self.client(port, host='127.0.0.2')
            expect(status == 1 and 'certificate_name_mismatch' in text, 'the client takes any name', text)
            said = finish()
            expect('unknown_ca' in said and 'bad_certificate' in said, 'the server was not told why', said)

    def truncation_is_reported(self):
        with socket.create_server(('127.0.0.1', 0)) as listener:
            def hang_up():
                connection, _ = listener.accept()
                with connection:
                    connection.recv(65536)
            thread = threading.Thread(target=hang_up)
            thread.start()
            status, text = self.client(str(listener.getsockname()[1]), host='127.0.0.1')
            thread.join()
        expect(status == 1 and 'transport_truncated' in text, 'the client does not notice that the server hung up', text)

    def wrong_files_are_named(self):
        status, text = self.client('1', ca='/no/such/file')
        expect(status == 2 and '/no/such/file' in text, 'the client does not name the file that it cannot read', text)


CHECKS = [Programs.sans_io, Programs.client_and_server, Programs.server_and_openssl, Programs.client_and_openssl,
          Programs.refused_clients_are_told, Programs.refused_servers_are_told, Programs.truncation_is_reported,
          Programs.wrong_files_are_named]


def main(arguments):
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    programs, failed = Programs(arguments[0]), 0
    for check in CHECKS:
        name = check.__name__.replace('_', ' ')
        try:
            check(programs)
            print(f'ok {name}')
        except (Wrong, subprocess.TimeoutExpired, OSError) as problem:
            failed += 1
            print(f'FAIL {name}: {problem}')
    print(f'embedding: {len(CHECKS) - failed} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
