#include "harnesses/link/link.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "harnesses/link/testing.h"

namespace tocsin::link {
namespace {

using namespace std::chrono_literals;

constexpr Address alice_at{1}, bob_at{2}, carol_at{3};

struct Net {
  explicit Net(const Conditions& conditions = {}, std::uint64_t seed = 0, std::string_view pattern = "")
      : link(conditions, seed, *parse_pattern(pattern)) {
    link.attach(alice_at, "alice", alice);
    link.attach(bob_at, "bob", bob);
    link.attach(carol_at, "carol", carol);
  }
  /// Each of these letters is a datagram from alice to bob.
  std::string carry(std::string_view letters) {
    for (const char letter : letters) alice.say(bob_at, std::string_view(&letter, 1));
    EXPECT_EQ(link.run(), Ending::quiet);
    return bob.texts();
  }
  /// Both ways, one after another.
  void chat(std::size_t datagrams) {
    for (std::size_t i = 0; i < datagrams; ++i) {
      alice.say(bob_at, "to bob " + std::to_string(i));
      bob.say(alice_at, "to alice " + std::to_string(i));
      link.run({.until = link.now() + 1ms, .datagrams_max = 2 * datagrams});
    }
    EXPECT_EQ(link.run({.datagrams_max = 2 * datagrams}), Ending::quiet);
  }

  Recorder alice, bob, carol;
  Link link;
};

Conditions with(std::uint32_t Conditions::*rate, std::uint32_t permille) {
  Conditions conditions;
  conditions.*rate = permille;
  return conditions;
}

TEST(link, a_perfect_one_delivers_everything_in_order_after_its_delay) {
  Net net;
  EXPECT_EQ(net.carry("abc"), "a b c");
  EXPECT_EQ(net.bob.received[2], (Recorder::Received{"c", alice_at, 10ms}));
  EXPECT_EQ(net.link.counts(), (Counts{.sent = 3, .delivered = 3}));
  EXPECT_EQ(net.link.now(), Time(10ms));
}

TEST(link, tells_several_endpoints_apart) {
  Net net;
  net.alice.say(carol_at, "hello");
  net.bob.say(carol_at, "hi");
  EXPECT_EQ(net.link.run(), Ending::quiet);
  EXPECT_EQ(net.carol.received, (std::vector<Recorder::Received>{{"hello", alice_at, 10ms}, {"hi", bob_at, 10ms}}));
  EXPECT_TRUE(net.bob.received.empty());
  EXPECT_EQ(net.link.counts(bob_at, carol_at).sent, 1u);
  EXPECT_EQ(net.link.counts(carol_at, bob_at), Counts{});
}

TEST(link, a_pattern_decides_on_the_first_datagrams) {
  EXPECT_EQ(Net({}, 0, "dld").carry("abcd"), "a c d");
  EXPECT_EQ(Net({}, 0, "drd").carry("abcd"), "a b b c d");
  EXPECT_EQ(Net({}, 0, "dsd").carry("abcd"), "a c b d");
  EXPECT_EQ(Net({}, 0, "ss").carry("abc"), "a c b");
  EXPECT_EQ(Net({}, 0, "sl").carry("abc"), "a c");
}

TEST(link, what_is_held_back_arrives_when_nothing_moves_any_more) {
  Net net({}, 0, "dds");
  EXPECT_EQ(net.carry("abc"), "a b c");
  EXPECT_EQ(net.link.counts(), (Counts{.sent = 3, .delivered = 3, .swapped = 1}));
}

TEST(link, a_swap_waits_for_its_own_direction) {
  Net net({}, 0, "s");
  net.alice.next_timeout = 5s;
  net.alice.say(bob_at, "first");
  net.link.run({.until = 1s});
  net.bob.say(alice_at, "answer");
  net.link.run({.until = 2s});
  EXPECT_EQ(net.bob.texts(), "");
  net.alice.say(bob_at, "second");
  net.link.run({.until = 3s});
  EXPECT_EQ(net.bob.texts(), "second first");
}

TEST(link, after_the_pattern_the_conditions_decide) {
  EXPECT_EQ(Net(with(&Conditions::drop_permille, 1000), 0, "dd").carry("abcd"), "a b");
}

TEST(link, applies_each_fault_as_often_as_its_rate_says) {
  struct Fault {
    std::uint32_t Conditions::*rate;
    std::size_t Counts::*count;
  };
  constexpr std::size_t datagrams = 2000;
  for (const Fault fault :
       {Fault{&Conditions::drop_permille, &Counts::dropped}, Fault{&Conditions::duplicate_permille, &Counts::duplicated},
        Fault{&Conditions::swap_permille, &Counts::swapped}, Fault{&Conditions::corrupt_permille, &Counts::corrupted}}) {
    Net net(with(fault.rate, 200), 7);
    net.chat(datagrams / 2);
    const Counts counts = net.link.counts();
    EXPECT_EQ(counts.sent, datagrams);
    EXPECT_NEAR(static_cast<double>(counts.*fault.count), datagrams / 5, datagrams / 50);
    EXPECT_EQ(counts.delivered, counts.sent + counts.duplicated - counts.dropped);
    EXPECT_EQ(counts.dropped + counts.duplicated + counts.swapped + counts.corrupted, counts.*fault.count);
    EXPECT_EQ(net.alice.received.size() + net.bob.received.size(), counts.delivered);
  }
}

TEST(link, corrupts_one_byte) {
  Net net(with(&Conditions::corrupt_permille, 1000), 3);
  const std::string sent(40, 'x');
  net.alice.say(bob_at, sent);
  net.alice.say(bob_at, "");
  net.link.run();
  ASSERT_EQ(net.bob.received.size(), 2u);
  const std::string& got = net.bob.received[0].text;
  ASSERT_EQ(got.size(), sent.size());
  EXPECT_EQ(std::count(got.begin(), got.end(), 'x'), 39);
  EXPECT_EQ(net.link.counts().corrupted, 1u);
}

TEST(link, what_is_over_the_mtu_vanishes_whatever_the_pattern_says) {
  Conditions conditions;
  conditions.mtu_bytes = 4;
  Net net(conditions, 0, "ddr");
  for (const auto* text : {"four", "five5", "six666"}) net.alice.say(bob_at, text);
  net.link.run();
  EXPECT_EQ(net.bob.texts(), "four");
  EXPECT_EQ(net.link.counts(), (Counts{.sent = 3, .delivered = 1, .too_large = 2}));
}

TEST(link, delays_within_their_range_reorder) {
  Conditions conditions;
  conditions.delay_min = 5ms;
  conditions.delay_max = 50ms;
  Net net(conditions, 1);
  EXPECT_NE(net.carry("abcdefgh"), "a b c d e f g h");
  Time first = 1s, last = 0s;
  for (const Recorder::Received& one : net.bob.received) {
    first = std::min(first, one.at);
    last = std::max(last, one.at);
  }
  EXPECT_GE(first, Time(5ms));
  EXPECT_LE(last, Time(50ms));
  EXPECT_GT(last - first, Time(10ms));
}

Conditions rough() {
  Conditions conditions;
  conditions.drop_permille = conditions.duplicate_permille = 150;
  conditions.swap_permille = conditions.corrupt_permille = 150;
  conditions.delay_max = 30ms;
  return conditions;
}

TEST(link, the_same_seed_gives_the_same_run_and_another_does_not) {
  const auto counts_of = [](std::uint64_t seed) {
    Net net(rough(), seed);
    net.chat(200);
    std::string text = net.link.diagram().text();
    for (const Recorder* end : {&net.alice, &net.bob})
      for (const Recorder::Received& one : end->received) text += one.text + ' ' + std::to_string(one.at.count()) + '\n';
    return text;
  };
  EXPECT_EQ(counts_of(1), counts_of(1));
  EXPECT_NE(counts_of(1), counts_of(2));
}

TEST(link, one_rate_does_not_reshuffle_the_others) {
  const auto arrived = [](const Conditions& conditions) {
    Net net(conditions, 5);
    net.chat(100);
    std::set<std::string> texts;
    for (const Recorder::Received& one : net.bob.received) texts.insert(one.text);
    return texts;
  };
  Conditions others = rough();
  others.corrupt_permille = 0;
  EXPECT_EQ(arrived(with(&Conditions::drop_permille, 150)), arrived(others));
}

TEST(link, once_made_perfect_it_harms_nothing) {
  Net net(rough(), 2, "llll");
  net.link.make_perfect();
  net.chat(100);
  EXPECT_EQ(net.link.counts(), (Counts{.sent = 200, .delivered = 200}));
}

TEST(link, may_become_perfect_after_some_datagrams) {
  Net net(with(&Conditions::drop_permille, 1000));
  net.link.make_perfect_after(3);
  EXPECT_EQ(net.carry("abcde"), "d e");
}

TEST(link, whoever_moves_gets_what_is_sent_to_the_new_address) {
  Net net;
  net.alice.say(bob_at, "late");
  net.link.run({.until = 1ms});
  const Address elsewhere{9};
  net.link.move(bob_at, elsewhere);
  net.bob.say(alice_at, "moved");
  net.link.run();
  net.alice.say(elsewhere, "found");
  net.link.run();
  EXPECT_EQ(net.bob.texts(), "found");
  EXPECT_EQ(net.alice.received, (std::vector<Recorder::Received>{{"moved", elsewhere, 11ms}}));
  EXPECT_EQ(net.link.counts().to_nobody, 1u);
}

TEST(link, a_stray_comes_as_if_from_its_address) {
  Net net;
  net.link.inject(carol_at, bob_at, Bytes{'s'});
  net.link.run();
  EXPECT_EQ(net.bob.received, (std::vector<Recorder::Received>{{"s", carol_at, 10ms}}));
}

TEST(link, time_stands_still_but_for_events) {
  Net net;
  net.alice.next_timeout = 3s;
  net.bob.next_timeout = 2s;
  net.alice.say(bob_at, "x");
  EXPECT_EQ(net.link.run(), Ending::quiet);
  EXPECT_EQ(net.alice.timeouts, std::vector<Time>{3s});
  EXPECT_EQ(net.bob.timeouts, std::vector<Time>{2s});
  EXPECT_EQ(net.bob.received.at(0).at, Time(10ms));
  EXPECT_EQ(net.link.now(), Time(3s));
}

TEST(link, a_datagram_comes_before_a_timeout_of_the_same_time) {
  Net net;
  net.alice.say(bob_at, "x");
  net.bob.next_timeout = 10ms;
  EXPECT_EQ(net.link.run([&] { return !net.bob.received.empty(); }), Ending::done);
  EXPECT_TRUE(net.bob.timeouts.empty());
}

TEST(link, ends_at_its_bounds) {
  Net net;
  net.alice.next_timeout = net.alice.interval = 1s;
  EXPECT_EQ(net.link.run({.until = 10s}), Ending::time_bound);
  EXPECT_EQ(net.alice.timeouts.size(), 10u);
  EXPECT_EQ(net.link.now(), Time(10s));
  for (int i = 0; i < 6; ++i) net.alice.say(bob_at, "x");
  EXPECT_EQ(net.link.run({.until = 20s, .datagrams_max = 5}), Ending::datagram_bound);
  EXPECT_EQ(net.link.run({.until = 20s, .datagrams_max = 6}), Ending::time_bound);
  net.alice.interval = 0s;
  EXPECT_EQ(net.link.run(), Ending::timer_stuck);
}

TEST(link, the_diagram_tells_what_became_of_each_datagram) {
  Conditions conditions;
  conditions.mtu_bytes = 20;
  Net net(conditions, 0, "lrs");
  const auto record = [](char sequence_number) {
    return std::string("\x17\xfe\xfd\0\1\0\0\0\0\0", 10) + sequence_number + std::string("\0\2ab", 4);
  };
  net.alice.say(bob_at, record(1));
  net.alice.say(bob_at, record(2));
  net.bob.say(alice_at, record(3));
  net.bob.next_timeout = 2s;
  net.link.run([&] { return !net.bob.timeouts.empty(); });
  net.bob.say(alice_at, record(4) + "?");
  net.alice.say(bob_at, record(5) + record(6));
  net.bob.say(Address{7}, "");
  net.link.diagram().note(net.link.now(), "enough");
  net.link.run();
  EXPECT_EQ(net.link.diagram().text(),
            "      0.000 alice --> bob #1 application_data 1:1 2 [lost]\n"
            "      0.000 alice --> bob #2 application_data 1:2 2 [twice]\n"
            "      0.000 alice <-- bob #3 application_data 1:3 2 [held back]\n"
            "      2.000 bob: timeout\n"
            "      2.000 enough\n"
            "      2.000 alice --> bob #4 application_data 1:5 2 [over the MTU]\n"
            "                             application_data 1:6 2\n"
            "      2.000 alice <-- bob #5 application_data 1:4 2\n"
            "                             1 bytes that are no record\n"
            "      2.000 bob --> nobody #6 empty\n"
            "      2.010 alice <-- bob #3 arrives after #5\n"
            "      2.010 bob --> nobody #6 finds nobody\n");
  Net quiet({}, 0, "s");
  quiet.alice.say(bob_at, "");
  quiet.link.run();
  EXPECT_EQ(quiet.link.diagram().text(),
            "      0.000 alice --> bob #1 empty [held back]\n"
            "      0.000 alice --> bob #1 arrives\n");
}

}  // namespace
}  // namespace tocsin::link
