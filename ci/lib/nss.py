"""NSS reads certificates and keys from a database of its own: one for all checks of a run, made when the first one asks."""
import subprocess
import threading

from interop_check import KEYS, Failed, Skipped, have, pair

# NSS of Debian 12 does not read Ed25519 keys.
SERVER_KEYS = ('ecdsa-p256', 'ecdsa-p384', 'ecdsa-p521', 'rsa2048', 'intermediate')

_lock = threading.Lock()
_made = {}  # folder -> database, or None if it could not be made


def run(*command):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=60)
    if done.returncode != 0:
        raise Failed(f'{" ".join(map(str, command))} ended with {done.returncode}: {done.stdout.strip()}')


def trust(folder, authority=KEYS / 'ca.pem'):
    """A database in this folder that holds nothing but a trusted authority."""
    folder.mkdir(parents=True)
    run('certutil', '-N', '-d', f'sql:{folder}', '--empty-password')
    run('certutil', '-A', '-d', f'sql:{folder}', '-n', 'authority', '-t', 'C,,', '-i', authority)


def database(check):
    """With the test authority, and every key of SERVER_KEYS under its name."""
    for program in ('certutil', 'pk12util'):
        if not have(program):
            raise Skipped(f'no {program} here')
    folder = check.scratch.parent / 'nss'
    with _lock:
        if folder not in _made:
            _made[folder] = None
            trust(folder)
            for key in SERVER_KEYS:
                bundle = folder / f'{key}.p12'
                run('openssl', 'pkcs12', '-export', *pair(key, '-in', '-inkey'), '-certfile', KEYS / f'server-{key}.pem',
                    '-name', key, '-passout', 'pass:', '-out', bundle)
                run('pk12util', '-i', bundle, '-d', f'sql:{folder}', '-W', '', '-K', '')
            _made[folder] = f'sql:{folder}'
    if _made[folder] is None:
        raise Failed('the NSS database could not be made: see the first check that needed it')
    return _made[folder]


def selfserv(check, *options, key='ecdsa-p256'):
    data = database(check)
    of_key = ['-n', key] if key == 'rsa2048' else ['-e', key]
    return check.on_free_port(lambda port: ['selfserv', '-d', data, '-p', port, '-v', *of_key, *options],
                              lambda server: server.wait_for('About to call accept'))
