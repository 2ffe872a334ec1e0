"""A shim that does one thing wrong, around the one of harnesses/stacks/pipe.   usage: hostile_shim.py FAULT [STEP]
STEP: how many requests are answered before; for faults of the pipe."""
import os
import pathlib
import struct
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'stacks/pipe'))
import shim  # noqa: E402

ALERT = 21


def put(data):
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def flood():
    while True:
        put(b'\0\0\0\1\x81' * 1000)


PIPE_FAULTS = {
    'hangs': lambda: time.sleep(1000),
    'ends': lambda: os._exit(3),
    'crashes': lambda: os.abort(),
    'floods': flood,
    'says how long it is, and no more': lambda: (put(b'\0\0\0\5\x81'), time.sleep(1000)),
    'announces too much': lambda: (put(b'\xff\xff\xff\xff'), time.sleep(1000)),
    'has a field that is too long': lambda: (put(b'\0\0\0\6\x81' + struct.pack('>BI', 37, 99)), time.sleep(1000)),
    'answers with another type': lambda: (put(b'\0\0\0\1\x07'), time.sleep(1000)),
    'closes its output': lambda: (os.close(1), time.sleep(1000)),
}


class HidesAlerts(shim.Endpoint):
    """Alerts do not come out, though the stack is said to have sent them."""

    def state(self, done=True):
        kind, fields = super().state(done)
        return kind, [(tag, self.without_alerts(value) if tag == shim.OUTPUT else value) for tag, value in fields]

    def without_alerts(self, data):
        kept = b''
        while len(data) >= 5:
            size = 5 + int.from_bytes(data[3:5], 'big')
            is_alert = data[0] == ALERT or shim.ALERT_SENT in self.alerts and data[0] == 23 and size == 5 + 19
            kept, data = kept + (b'' if is_alert else data[:size]), data[size:]
        return kept


class GoesOn(shim.Endpoint):
    """Whatever fails is complete."""

    def state(self, done=True):
        kind, fields = super().state(done)
        is_failed = self.status == shim.FAILED
        out = [(tag, bytes([shim.COMPLETE]) if tag == shim.STATUS and is_failed else value) for tag, value in fields
               if not (is_failed and tag in (shim.OUTPUT, shim.ALERT_SENT))]
        return kind, out


def main(fault, step='0'):
    if fault in PIPE_FAULTS:
        left, answer = [int(step)], shim.answer

        def answer_or_fail(*request):
            if left[0] == 0:
                PIPE_FAULTS[fault]()
            left[0] -= 1
            return answer(*request)
        shim.answer = answer_or_fail
    else:
        shim.Endpoint = {'hides alerts': HidesAlerts, 'goes on': GoesOn}[fault]
    shim.main()


if __name__ == '__main__':
    main(*sys.argv[1:])
