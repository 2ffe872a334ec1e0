"""What ci/minimize leaves of an input, with predicates in the place of targets."""
import minimize
import targets

OPTIONS = bytes([3, 10, 2, 12, 8, 16, 1])


def extension(extension_type, content=b''):
    return extension_type.to_bytes(2, 'big') + len(content).to_bytes(2, 'big') + content


def client_hello(*extensions):
    head = bytes([22, 3, 1, 0, 0, 1, 0, 0, 0, 3, 3]) + bytes(32) + bytes([0]) + bytes([0, 2, 0x13, 1]) + bytes([1, 0])
    return minimize.record_of(head, list(extensions))


def test_pieces_that_nothing_hangs_on_are_left_out():
    asked = []

    def shows(pieces):
        asked.append(list(pieces))
        return 3 in pieces and 7 in pieces
    assert minimize.reduced(list(range(20)), shows) == [3, 7]
    assert len(asked) < 60


def test_the_pieces_of_an_input_are_the_whole_input():
    script = bytes([0, 0, 0, 9, 0x92, 40, 2, 1, 40, 5, 1, 7, 6, 0x10])
    assert b''.join(minimize.steps_of(script)) == script
    assert minimize.steps_of(script)[:2] == [script[:3], script[3:12]]
    flight = client_hello(extension(43)) + bytes([21, 3, 3, 0, 2, 2, 40]) + b'rest'
    assert b''.join(minimize.records_of(flight)) == flight
    assert len(minimize.records_of(flight)) == 3


def test_extensions_go_and_all_lengths_fit():
    hello = client_hello(extension(0x3a3a), extension(10, b'\0\2\0\x1d'), extension(43, b'\2\3\4'))
    head, extensions = minimize.hello_of(hello)
    assert minimize.record_of(head, extensions) == hello
    left = minimize.once_through('server_first_flight', OPTIONS + hello,
                                 lambda content: extension(10, b'\0\2\0\x1d') in content and
                                 minimize.hello_of(minimize.options_and_body(content)[1]) is not None)
    options, body = minimize.options_and_body(left)
    assert options == [] and minimize.hello_of(body)[1] == [extension(10, b'\0\2\0\x1d')]


def test_steps_become_plain():
    twice_in_fragments = bytes([6, 0x08 | 0x40 | 0x03, 9])
    assert minimize.plainer(twice_in_fragments, lambda step: step[1] & 0x40) == bytes([6, 0x40, 9])
    edited = bytes([6, 0x20, 0, 1, 1, 1, 2, 2, 2])
    assert minimize.plainer(edited, lambda step: step[0] == 6) == bytes([6, 0, 0])


def test_steps_over_datagrams_are_the_whole_script_and_become_plain():
    script = bytes([0, 0, 0, 0, 9, 0x40, 0, 0x84, 39, 2, 1, 40, 3, 0, 1, 13, 1, 0, 0x20])
    steps = minimize.steps_of(script, minimize.OF_DATAGRAMS)
    assert b''.join(steps) == script and [len(step) for step in steps] == [4, 11, 4]
    in_fragments = bytes([9, 0x40 | 0x0a, 0, 0x48, 39, 3, 0, 1])
    assert minimize.plainer(in_fragments, lambda step: step[1] & 0x02, minimize.OF_DATAGRAMS) == bytes([9, 0x02, 0, 0])
    assert minimize.plainer(in_fragments, lambda step: step[3] & 0x08, minimize.OF_DATAGRAMS) == bytes([9, 0, 0, 0x08, 39])


def test_a_script_keeps_the_step_and_the_option_that_show_it():
    script = b''.join(bytes([what, 0, 0]) for what in range(7))
    content = minimize.minimized('client_script_openssl', OPTIONS + script,
                                 lambda content: bytes([4, 0, 0]) in minimize.steps_of(minimize.options_and_body(content)[1]) and
                                 bytes([12, 8]) in minimize.options_and_body(content)[0])
    assert content == bytes([1, 12, 8, 4, 0, 0])


def test_an_input_of_another_form_loses_bytes():
    assert minimize.minimized('canary', b'toc! and more', lambda content: content.startswith(b'toc!')) == b'toc!'


def test_what_is_left_stands_beside_the_input(tmp_path, monkeypatch):
    """A program stands in for the target: it fails where there is an x."""
    monkeypatch.setattr(targets, 'ROOT', tmp_path)
    (tmp_path / 'crash-1').write_bytes(b'\0abcxdef')
    command = ['sh', '-c', 'grep -q x "$0" && echo "FINDING: an x" && exit 1; exit 0']
    path = minimize.pathlib.Path('crash-1')
    assert minimize.said_by(command, tmp_path / path) == 'an x'
    smaller = minimize.minimize('canary', command, path, 'an x', 60)
    assert str(smaller) == 'smaller-crash-1' and (tmp_path / smaller).read_bytes() == b'\0x'
    assert minimize.minimize('canary', command, smaller, 'an x', 60) == smaller
    assert minimize.minimize('canary', command, path, 'something else', 60) == path


def test_it_ends_when_its_time_is_over(monkeypatch):
    probe = minimize.Probe(['false'], 'it rings', 0)
    assert probe.is_over() and not probe(b'anything')
