"""Chromium without a window, in a home of its own."""
import base64
import json

import nss
from interop_check import KEYS, Skipped, have

# No traffic but to this machine, no sandbox (it does not work for root), nothing kept outside its home.
OPTIONS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-breakpad',
           '--disable-crash-reporter', '--disable-background-networking', '--disable-component-update', '--disable-sync',
           '--no-first-run', '--no-default-browser-check', '--disable-extensions',
           '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1']


def dump(check, url, *options, authority=KEYS / 'ca.pem'):
    """Loads a page and writes it, as it is after loading, to standard output. Trusts this authority and no other."""
    for program in ('chromium', 'certutil'):
        if not have(program):
            raise Skipped(f'no {program} here')
    home = check.file('home')
    if not home.is_dir():
        nss.trust(home / '.pki/nssdb', authority)
    return check.run('env', f'HOME={home}', f'XDG_CONFIG_HOME={home}', f'XDG_CACHE_HOME={home}', 'chromium', *OPTIONS,
                     f'--user-data-dir={home}/profile', f'--log-net-log={home}/net.json', '--net-log-capture-mode=Everything',
                     *options, '--dump-dom', url)


def net_log(check):
    """Its network log of the last run."""
    return json.loads(check.file('home').joinpath('net.json').read_text())


def alerts(check):
    """Level and description of each alert that it received."""
    log = net_log(check)
    received = log['constants']['logEventTypes']['SSL_ALERT_RECEIVED']
    return {tuple(base64.b64decode(event['params']['bytes'])) for event in log['events'] if event['type'] == received}


def errors(check):
    """The names of the errors that it met, without ERR_ before them."""
    log = net_log(check)
    names = {number: name.removeprefix('ERR_') for name, number in log['constants']['netError'].items()}
    return {names[event['params']['net_error']] for event in log['events'] if 'net_error' in event.get('params', {})}
