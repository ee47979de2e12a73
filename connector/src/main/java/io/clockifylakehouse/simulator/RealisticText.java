// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import java.util.List;
import java.util.SplittableRandom;

/** Names and notes as people write them, the awkward ones included. Stateless. */
final class RealisticText {
  /** What breaks careless code: other scripts, emoji, quotes, newlines, markup, empty, long. */
  static final List<String> AWKWARD =
      List.of(
          "",
          " leading and trailing ",
          "Zeile eins\nZeile zwei\r\n\tEnde",
          "He said \"ship it\", then \\o/",
          "O'Brien; DROP TABLE time_entries;--",
          "תכנון ספרינט עם הצוות",
          "اجتماع أسبوعي \u200f(عن بعد)",
          "打ち合わせ・設計レビュー",
          "👩‍👩‍👧‍👦 family day 🎉🎉",
          "e\u0301 is not \u00e9",
          "<script>alert('x')</script> & more",
          "=HYPERLINK(\"http://example.com\")",
          "null",
          "comma, semicolon; pipe| tab\tend",
          "zero\u200bwidth and \u2028 separator",
          "x".repeat(3000));

  private static final List<String> GIVEN =
      List.of(
          "Ada",
          "Björn",
          "Chidi",
          "Daniela",
          "Elif",
          "Femi",
          "Grace",
          "Hiroshi",
          "Inés",
          "Jamal",
          "Katarzyna",
          "Léa",
          "Mateo",
          "Nguyễn",
          "Olga",
          "Priya",
          "Quentin",
          "Rosa",
          "Søren",
          "Tariq",
          "Uma",
          "Vera",
          "Wei",
          "Ximena",
          "Yusuf",
          "Zoë");
  private static final List<String> FAMILY =
      List.of(
          "Abebe",
          "Brandt",
          "Costa",
          "Dubois",
          "Eriksen",
          "Fischer",
          "García",
          "Haddad",
          "Ivanova",
          "Jansen",
          "Kowalski",
          "Lindqvist",
          "Müller",
          "Nakamura",
          "O'Neill",
          "Petrović",
          "Quispe",
          "Rossi",
          "Şahin",
          "Tanaka",
          "Usman",
          "Vargas",
          "Weiß",
          "Xu",
          "Yamada",
          "Zhang");
  private static final List<String> COMPANIES =
      List.of(
          "Alpine Freight",
          "Bluefin Bank",
          "Café Lumière",
          "Dynamo Energy",
          "Évora Foods",
          "Fjord Shipping",
          "Granit Bau GmbH",
          "Harbor Health",
          "Iris & Co.",
          "Juniper Labs",
          "Königshof",
          "Lark Media",
          "Monsoon Tea",
          "Nordlys",
          "Opal Insurance",
          "Pixelwerk",
          "Quarry Stone",
          "Rivera Legal",
          "São Tomé Cacao",
          "Tern Airlines",
          "Umbra Lighting",
          "Violet Retail",
          "Wattle Solar",
          "Zephyr Bikes");
  private static final List<String> UNDERTAKINGS =
      List.of(
          "Website relaunch",
          "Mobile app",
          "Data platform",
          "Brand refresh",
          "Annual audit",
          "Checkout redesign",
          "Migration to the cloud",
          "Support retainer",
          "Security review",
          "Customer portal",
          "Reporting",
          "Internal tools");
  private static final List<String> ACTIVITIES =
      List.of(
          "Design review",
          "Pairing on the importer",
          "Fix flaky test",
          "Weekly sync",
          "Planning",
          "Customer call",
          "Write documentation",
          "Code review",
          "Deploy 2.4",
          "Interviews",
          "Wireframes",
          "Invoice questions",
          "Refactoring",
          "Research",
          "Bug triage",
          "Onboarding");
  private static final List<String> TASKS =
      List.of("Analysis", "Design", "Development", "Testing", "Project management", "Rollout");
  private static final List<String> TAGS =
      List.of("urgent", "remote", "on-site", "rework", "überstunden", "🔥 hot", "meeting");

  private RealisticText() {}

  static String person(int index) {
    String family = FAMILY.get((index * 7 + index / GIVEN.size()) % FAMILY.size());
    String name = GIVEN.get(index % GIVEN.size()) + " " + family;
    int round = index / (GIVEN.size() * FAMILY.size());
    return round == 0 ? name : name + " " + (round + 1);
  }

  static String company(int index) {
    return numbered(COMPANIES, index);
  }

  static String project(int index) {
    return numbered(UNDERTAKINGS, index);
  }

  static String task(int index) {
    return numbered(TASKS, index);
  }

  static String tag(int index) {
    return numbered(TAGS, index);
  }

  /** What somebody did; one in forty is awkward. */
  static String activity(SplittableRandom random) {
    int draw = random.nextInt(40 * ACTIVITIES.size());
    return draw < ACTIVITIES.size() ? awkward(draw) : ACTIVITIES.get(draw % ACTIVITIES.size());
  }

  static String awkward(int index) {
    return AWKWARD.get(index % AWKWARD.size());
  }

  private static String numbered(List<String> names, int index) {
    String name = names.get(index % names.size());
    return index < names.size() ? name : name + " " + (index / names.size() + 1);
  }
}
