// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.StreamDefinition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SetReaderTest {
  private static final String GROUPS =
      """
      stream: groups
      doc: Sets in a set.
      endpoint: {path: "/workspaces/{workspaces.id}/groups"}
      key: [id]
      fields:
        id: {type: string, doc: Id.}
        tags: {type: list, set: true, of: {type: string}, doc: Set of texts.}
        list: {type: list, of: {type: string}, doc: List of texts.}
        members:
          type: list
          set: true
          doc: Set.
          of:
            type: object
            fields:
              name: {type: string, doc: Name.}
              days: {type: list, set: true, of: {type: int}, doc: Set in a set.}
      example: {}
      """;

  private final StreamDefinition groups = Fixture.catalog(GROUPS).stream("groups");

  @Test
  void ordersAndCountsElementsByWhatTheyHold() {
    String b = "{\"name\": \"b\", \"new\": 1}";
    String a = "{\"name\": \"a\", \"days\": [3, \"x\", 2]}";
    String nothing = "{\"name\": \"c\"}";
    for (List<String> order : List.of(List.of(b, nothing, a), List.of(nothing, a, b))) {
      Row row = read("\"members\": %s".formatted(order));
      assertThat(row.list(groups.position("members")).stream().map(m -> ((Row) m).get(0)))
          .containsExactly("a", "b", "c");
      assertThat(((Row) row.list(groups.position("members")).get(0)).list(1))
          .containsExactly(2, 3, null);
      assertThat(extra(row)).isEqualTo("{\"members[0].days[2]\":\"x\",\"members[1].new\":1}");
    }
  }

  @Test
  void tellsElementsApartThatDifferOnlyInWhatFitsNoColumn() {
    assertThat(extra(read("\"members\": [{\"new\": 2}, {\"new\": 1}], \"tags\": [7, \"t\", 5]")))
        .isEqualTo(
            extra(read("\"members\": [{\"new\": 1}, {\"new\": 2}], \"tags\": [5, 7, \"t\"]")))
        .isEqualTo("{\"members[0].new\":1,\"members[1].new\":2,\"tags[1]\":5,\"tags[2]\":7}");
  }

  @Test
  void leavesListsAndWhatFitsAsTheyWereSent() {
    Row row = read("\"tags\": [\"b\", \"a\"], \"list\": [\"d\", 1, \"c\"]");
    assertThat(row.list(groups.position("tags"))).containsExactly("b", "a");
    assertThat(row.list(groups.position("list"))).containsExactly("d", null, "c");
    assertThat(extra(row)).isEqualTo("{\"list[1]\":1}");
  }

  @Test
  void keepsOneExtraHoweverTheSetsAreShuffled() {
    Random random = new Random(Long.getLong("seed", 5));
    for (int round = 0; round < 200; round++) {
      List<List<String>> days = new ArrayList<>();
      for (int i = random.nextInt(5); i >= 0; i--) {
        days.add(
            new ArrayList<>(List.of("1", "2", "null", "\"" + random.nextInt(3) + "\"", "1.5")));
      }
      Set<String> extras = new HashSet<>();
      for (int shuffle = 0; shuffle < 10; shuffle++) {
        List<String> members = new ArrayList<>();
        for (int i = 0; i < days.size(); i++) {
          Collections.shuffle(days.get(i), random);
          members.add(
              "{\"name\": \"n%d\", \"days\": %s, \"new.%d\": {}}".formatted(i % 2, days.get(i), i));
        }
        Collections.shuffle(members, random);
        String json = "\"members\": " + members;
        Row row = read(json);
        extras.add(extra(row));
      }
      assertThat(extras).as("round %d", round).hasSize(1);
    }
  }

  private Row read(String fields) {
    return Fixture.read(groups, Fixture.WORKSPACE, "{\"id\": \"g\", " + fields + "}").row();
  }

  private static String extra(Row row) {
    return (String) row.get(row.size() - 1);
  }
}
