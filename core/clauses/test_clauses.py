"""Tests of ci/clauses: what it reads, and that every fault that can be planted is found."""
import clauses
import rfc_text

TABLE = clauses.write_clauses('9846', [
    ('4.2.2', 'Client Hello', 'MUST', 'A server which receives another legacy_version MUST abort with a "protocol_version" alert.'),
    ('4.2.2', 'Client Hello', 'MUST', 'Servers MUST ignore unrecognized extensions.'),
    ('4.3', 'Extensions', 'MUST', 'Servers MUST ignore unrecognized extensions.'),
])
OBEYED = '''
namespace tocsin {
Result<Done> check(const Hello& hello) {
  //= RFC 9846 4.2.2 //# A server which receives another legacy_version MUST abort
  //= RFC 9846 4.2.2 //# Servers MUST ignore
  return Done{};
}
'''
SHOWN = '''
//= RFC 9846 4.3 //# MUST ignore unrecognized extensions
TEST(ClientHello, what_is_unknown_is_kept) {}
'''
EXCUSED = '''//= reason=Not implemented: extensions.
//= RFC 9846 4.3 //# Servers MUST ignore unrecognized extensions.
'''


def assigned(**texts):
    """({section-number: Clause}, problems) of files by name: source, test, exceptions."""
    paths = {'source': 'core/a.cc', 'test': 'core/a_test.cc', 'exceptions': clauses.EXCEPTIONS}
    known = {'9846': clauses.read_clauses(TABLE)}
    quotations, problems = [], []
    for name, text in texts.items():
        found, wrong = clauses.read_quotations(paths[name], text)
        quotations += found
        problems += wrong
    problems += clauses.assign(known, quotations)['9846']
    return {clause.id: clause for clause in known['9846']}, problems


def the_only(problems):
    assert len(problems) == 1, problems
    return problems[0]


def test_code_test_and_reason_reach_their_clauses():
    known, problems = assigned(source=OBEYED + '//= RFC 9846 4.3 //# MUST\nint x;\n', test=SHOWN)
    assert problems == []
    assert known['4.2.2-1'].code == ['`core/a.cc` check']
    assert known['4.3-1'].tests == ['`ClientHello.what_is_unknown_is_kept`']
    assert clauses.untested(known.values()) == [known['4.2.2-1'], known['4.2.2-2']]


def test_a_clause_without_anything_is_found():
    _, problems = assigned(source=OBEYED)
    assert the_only(problems).startswith('9846 4.3-1: neither obeyed nor excused')


def test_a_quotation_that_is_not_in_the_rfc_is_found():
    _, problems = assigned(source=OBEYED.replace('another', 'any other'), exceptions=EXCUSED)
    assert problems[0].startswith('core/a.cc:4: stands in 0 clauses of 4.2.2')


def test_a_quotation_that_is_ambiguous_is_found():
    _, problems = assigned(source=OBEYED.replace('//# Servers MUST ignore', '//# MUST'), exceptions=EXCUSED)
    assert problems[0].startswith('core/a.cc:5: stands in 2 clauses of 4.2.2')


def test_an_unknown_section_or_rfc_is_found():
    for target in ('RFC 9846 4.2.9', 'RFC 8446 4.2.2'):
        _, problems = assigned(source=OBEYED + OBEYED.replace('RFC 9846 4.2.2', target), exceptions=EXCUSED)
        assert len(problems) == 2 and f'no clause in {target}' in problems[0]


def test_a_mark_of_another_form_is_found():
    for mark in ('//= rfc9846#4.2.2', '//# Servers MUST ignore', '//= RFC 9846 4.2.2', '//= reason=Not implemented.'):
        _, problems = assigned(source=OBEYED + mark + '\n', exceptions=EXCUSED)
        assert the_only(problems).startswith('core/a.cc:8: not of the form')


def test_an_exception_needs_a_reason():
    _, problems = assigned(source=OBEYED, exceptions=EXCUSED.replace('//= reason=Not implemented: extensions.\n', ''))
    assert problems[0] == f'{clauses.EXCEPTIONS}:1: an exception without a reason'


def test_what_code_obeys_is_not_excused():
    _, problems = assigned(source=OBEYED, exceptions=EXCUSED + EXCUSED.replace('4.3', '4.2.2'))
    assert the_only(problems).startswith('9846 4.2.2-2: excused, though `core/a.cc` check obeys it')


def test_what_code_obeys_can_be_excused_in_part():
    in_part = EXCUSED.replace('reason=', 'but=')
    known, problems = assigned(source=OBEYED + '//= RFC 9846 4.3 //# MUST\nint x;\n', exceptions=in_part)
    assert problems == [] and known['4.3-1'].reason == ''
    assert '`core/a.cc` x<br>*But: Not implemented: extensions.*' in clauses.render('9846', known.values())
    _, problems = assigned(source=OBEYED, exceptions=in_part)
    assert problems[1].startswith('9846 4.3-1: excused in part, though no code obeys the rest')


def test_a_section_names_the_rules_that_rest_on_it():
    rules = clauses.by_section([('one', 'RFC 9846 4.3'), ('two', 'RFC 6066 4, RFC 9846 4.3')])
    assert rules == {'9846': {'4.3': ['one', 'two']}, '6066': {'4': ['two']}}
    known, _ = assigned(source=OBEYED, exceptions=EXCUSED)
    assert 'Rules: `one`, `two`.' in clauses.render('9846', known.values(), rules['9846'])
    assert 'Rules: ' not in clauses.render('9846', known.values(), {'5': ['one']})


def test_the_clause_of_a_rule_links_the_section_that_has_a_page():
    linked = clauses.linked('RFC 6066 4, RFC 9846 4.2.2', {('9846', '4.2.2'): 'Client Hello', ('9846', '4'): 'Handshake'}, '../core')
    assert linked == 'RFC 6066 4, [RFC 9846 4.2.2](../core/RFC9846.md#422-client-hello)'


def test_a_test_alone_does_not_obey():
    _, problems = assigned(source=OBEYED, exceptions=EXCUSED, test=SHOWN)
    assert the_only(problems).endswith('`ClientHello.what_is_unknown_is_kept` shows what no code obeys')


def test_names_are_those_of_what_a_comment_stands_in_or_before():
    source = ['struct State {', '  int a;', '  //=', '};', '//=', 'To<Connected> Engine::end(Error e) {', '  //=', '}', '//=',
              'constexpr Row rows[] = {', '    //=', '};', 'To<Next, Other>', 'on(Wait state, const wire::Hello& hello, Context& c) {', '  //=']
    found = [clauses.name_around(source, at) for at, line in enumerate(source) if '//=' in line]
    assert found == ['State', 'Engine::end', 'Engine::end', 'rows', 'rows', 'on(Wait, Hello)']


def test_a_statement_that_alone_gives_a_reason_is_shown_by_what_reaches_that():
    source = OBEYED.replace('return Done{};', 'if (hello.legacy_version !=\n      0x0303)\n    return Fatal{Reason::version_wrong};')
    quotations, _ = clauses.read_quotations('core/a.cc', source)
    known = {'9846': clauses.read_clauses(TABLE)}
    clauses.assign(known, quotations, {'version_wrong': 'corpus/server_first_flight/version-0301'})
    assert known['9846'][0].tests == ['`corpus/server_first_flight/version-0301`']
    behind_another_statement, _ = clauses.read_quotations('core/a.cc', source.replace('if (hello', 'int i;\n  if (hello'))
    assert [quotation.gives for quotation in behind_another_statement] == ['', '']


MARKDOWN = '''
--- middle
# Introduction
Nothing here.
# Handshake
##  Hello {#hello}
Clients MUST send it (e.g. in {{hello}}; see {{!RFC5246, Section 7.2}} and
{{Section 6 of RFC7748}}). Servers
may not.

- The length MUST NOT exceed 2<sup>14</sup>. It is REQUIRED.
~~~
A figure MUST be left out.
~~~
field:
: This \\[field\\] SHALL be set {{MM24}}.
--- back
# Notes
## Pitfalls {#p}
You MUST read {{p}}.
'''


def test_markdown_gives_its_normative_sentences():
    assert rfc_text.clauses('9846', 'rfc9846.md', MARKDOWN) == [
        ('2.1', 'Hello', 'MUST', 'Clients MUST send it (e.g. in Section 2.1; see Section 7.2 of [RFC5246] and Section 6 of [RFC7748]).'),
        ('2.1', 'Hello', 'MUST NOT', 'The length MUST NOT exceed 2^14.'),
        ('2.1', 'Hello', 'REQUIRED', 'It is REQUIRED.'),
        ('2.1', 'Hello', 'SHALL', 'This [field] SHALL be set [MM24].'),
        ('A.1', 'Pitfalls', 'MUST', 'You MUST read Appendix A.1.'),
    ]


TEXT = '''
7.1.  Change

   This MUST be left out.

7.2.  Alert Protocol

   Alerts convey a severity.  The identifier MUST be
   invalidated, for


Dierks & Rescorla           Standards Track                    [Page 28]
\f
RFC 5246                          TLS                        August 2008


   example.

   decode_error
      A message could not be decoded.  This message is always fatal.
   decrypt_error
      An operation failed.  This message is always fatal.
'''


def test_plain_text_gives_its_normative_sentences_once_each_across_pages():
    assert rfc_text.clauses('5246', 'rfc5246.txt', TEXT) == [
        ('7.2', 'Alert Protocol', 'MUST', 'The identifier MUST be invalidated, for example.'),
        ('7.2', 'Alert Protocol', 'states', 'This message is always fatal.'),
    ]
