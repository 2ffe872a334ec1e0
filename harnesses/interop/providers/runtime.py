"""What Node and Python have in common: both are run with a program beside this file, which takes its options as one JSON object."""
import json
import pathlib
import re

from testdata import CA, server_pair

from .provider import Client, Server, check_told

HERE = pathlib.Path(__file__).resolve().parent
VERSIONS = {'TLSv1.2': ['TLSv1.2', 'TLSv1.2'], 'TLSv1.3': ['TLSv1.3', 'TLSv1.3']}


class Runtime(Client, Server):
    command = ()
    alpn_said = r'alpn: (\S+)'
    echo_mebibytes = 4
    echo_record_bytes_min = 4097

    def told(self, version=None, groups=(), alpn=(), keylog=None, exporter=None, suites=(), options=()):
        """Settings that client and server share, as the program takes them."""
        words = dict(options)
        words.update({'versions': VERSIONS[version]} if version else {})
        words.update({'groups': self.group_list(groups)} if groups else {})
        words.update({'alpn': alpn} if alpn else {})
        words.update({'keylog': str(keylog)} if keylog else {})
        words.update({'exporter': exporter} if exporter else {})
        words.update({'suites': self.suite_list(suites)} if suites else {})
        return words

    def run(self, port, **words):
        return self.processes.run(*self.command, 'client', json.dumps({'port': port, **words}))

    def get(self, server, name='localhost', ca=CA, **settings):
        check_told(self, self.client, settings)
        return self.run(server.port, get=True, name=name, ca=str(ca), **self.told(**settings))

    def echo(self, server, mebibytes, make_data):
        """It makes and compares its own data, 16 times as many, since it sends and receives at once."""
        size = mebibytes << 24
        done = self.run(server.port, name='localhost', ca=str(CA), echo=size)
        assert done.status == 0, f'{self.name} ended with {done.status}'
        assert f'echoed: {size}\n' in done.said()

    @staticmethod
    def exported(done):
        return re.search(r'^exported: (\w+)$', bytes(done.err).decode(), re.MULTILINE)[1]

    def serve(self, service='page', key='ecdsa-p256', **settings):
        check_told(self, self.server, settings)
        certificate, private_key = map(str, server_pair(key, '', '')[1::2])
        words = {'cert': certificate, 'key': private_key, 'echo': service == 'echo', **self.told(**settings)}
        process = self.processes.start(*self.command, 'server', json.dumps(words))
        process.port = int(process.wait_for(r'listening on: (\d+)\n')[1])
        process.key = key
        return process
