// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every stream file that the connector is packaged with. */
class PackagedStreamsTest {
  private static final StreamCatalog CATALOG = StreamCatalog.packaged();

  /** Documented fields that the service has never been seen to send. */
  private static final Set<String> NEVER_SENT = Set.of("isLocked", "expenses[].isLocked");

  static List<StreamDefinition> streams() {
    return CATALOG.streams();
  }

  @Test
  void areExactlyTheStreamsOfTheContract() {
    assertThat(streams().stream().map(StreamDefinition::name))
        .containsExactlyInAnyOrder(
            ("workspaces user workspace_users groups member_profiles projects project_memberships"
                    + " clients tags tasks custom_fields time_entries time_entries_in_progress"
                    + " expenses expense_categories invoices invoice_details invoice_items"
                    + " invoice_payments approval_requests holidays policies time_off_requests"
                    + " time_off_balances scheduling_assignments webhooks shared_reports")
                .split(" "));
  }

  @Test
  void comeParentsFirst() {
    Set<String> seen = new HashSet<>();
    for (StreamDefinition stream : streams()) {
      CATALOG
          .parent(stream)
          .ifPresent(parent -> assertThat(seen).as(stream.name()).contains(parent.name()));
      for (Placeholder placeholder : stream.placeholders()) {
        for (ColumnPath path : CATALOG.parentIds(stream, placeholder)) {
          assertThat(seen).as(stream.name()).contains(path.stream().name());
        }
      }
      seen.add(stream.name());
    }
    assertThat(seen).hasSize(27);
  }

  @ParameterizedTest
  @MethodSource("streams")
  void documentEveryColumnInOneSentence(StreamDefinition stream) {
    assertThat(stream.doc()).endsWith(".");
    List<String> undocumented = new ArrayList<>();
    for (Column column : stream.columns()) {
      documented(column.name(), column.doc(), column.type(), undocumented);
    }
    assertThat(undocumented).isEmpty();
  }

  private static void documented(String path, String doc, Type type, List<String> undocumented) {
    if (doc == null || !doc.endsWith(".") || doc.startsWith("Represents")) {
      undocumented.add(path + ": " + doc);
    }
    Type inner = type;
    while (inner instanceof Type.Array array) {
      inner = array.element();
    }
    if (inner instanceof Type.Struct struct) {
      for (Field field : struct.fields()) {
        documented(path + "." + field.column(), field.doc(), field.type(), undocumented);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("streams")
  void haveAnExampleThatFitsAndShowsEveryField(StreamDefinition stream) {
    ExampleCheck check = new ExampleCheck(stream);

    assertThat(check.faults()).isEmpty();
    assertThat(NEVER_SENT).containsAll(check.missing());
  }

  @ParameterizedTest
  @MethodSource("streams")
  void beginWithACommentOfAtLeastTwoLines(StreamDefinition stream) throws IOException {
    List<String> lines =
        Files.readAllLines(Path.of("..", "schemas", "streams", stream.name() + ".yaml"));

    assertThat(lines.subList(0, 2)).allMatch(line -> line.startsWith("# "));
    assertThat(lines).allMatch(line -> line.length() <= 112, "at most 112 characters");
  }

  @ParameterizedTest
  @MethodSource("streams")
  void areKeyedByIdWhereTheApiGivesOne(StreamDefinition stream) {
    List<String> id = List.of("id");
    switch (stream.name()) {
      case "member_profiles" -> assertThat(stream.key()).containsExactly("user_id");
      case "project_memberships" ->
          assertThat(stream.key()).containsExactly("project_id", "user_id", "membership_type");
      case "invoice_items" -> assertThat(stream.key()).containsExactly("invoice_id", "order");
      default -> assertThat(stream.key()).isEqualTo(id);
    }
  }

  @ParameterizedTest
  @MethodSource("streams")
  void lieInAWorkspaceUnlessAboveThem(StreamDefinition stream) {
    assertThat(stream.inWorkspace())
        .isEqualTo(!List.of("workspaces", "user").contains(stream.name()));
    if (stream.inWorkspace()) {
      assertThat(stream.scope().get(0)).isEqualTo(Scope.WORKSPACE);
    }
  }

  @Test
  void nameTheScopeColumnsOfChildren() {
    assertThat(CATALOG.stream("tasks").scope()).containsExactly("workspace_id", "project_id");
    assertThat(CATALOG.stream("time_entries").scope()).containsExactly("workspace_id", "user_id");
    assertThat(CATALOG.stream("member_profiles").scope())
        .containsExactly("workspace_id", "user_id");
    assertThat(CATALOG.stream("invoice_payments").scope())
        .containsExactly("workspace_id", "invoice_id");
    assertThat(CATALOG.stream("invoice_items").scope())
        .containsExactly("workspace_id", "invoice_id");
    assertThat(CATALOG.stream("time_off_balances").scope())
        .containsExactly("workspace_id", "policy_id");
    assertThat(CATALOG.stream("project_memberships").scope())
        .containsExactly("workspace_id", "project_id");
  }

  @ParameterizedTest
  @MethodSource("streams")
  void declareEmbeddedRecordsAsTheirListDeclaresThem(StreamDefinition stream) {
    for (StreamDefinition embedded : CATALOG.embeddedIn(stream)) {
      List<String> records = embedded.embedded().orElseThrow().records();
      Type list =
          stream.fields().stream()
              .filter(field -> field.source().equals(records))
              .findFirst()
              .orElseThrow()
              .type();

      assertThat(((Type.Array) list).element()).isEqualTo(new Type.Struct(embedded.fields()));
    }
  }

  @Test
  void liftTheIntervalOfTimeEntries() {
    for (String name : List.of("time_entries", "time_entries_in_progress")) {
      StreamDefinition stream = CATALOG.stream(name);
      assertThat(type(stream, "started_at")).isEqualTo(Type.Primitive.TIMESTAMP);
      assertThat(type(stream, "ended_at")).isEqualTo(Type.Primitive.TIMESTAMP);
      assertThat(type(stream, "duration")).isEqualTo(Type.Primitive.STRING);
      assertThat(type(stream, "duration_seconds")).isEqualTo(Type.Primitive.LONG);
      assertThat(type(stream, "is_running")).isEqualTo(Type.Primitive.BOOLEAN);
      assertThat(stream.position("time_interval")).isEqualTo(-1);
    }
    assertThat(CATALOG.stream("time_entries").window())
        .contains(new Window("started_at", "start", "end"));
    assertThat(CATALOG.stream("time_entries").partition()).containsExactly("month(started_at)");
  }

  @Test
  void followPeopleWhoAreKnownOnlyFromElsewhere() {
    assertThat(
            CATALOG.parentIds(
                CATALOG.stream("time_entries"), new Placeholder("workspace_users", "id")))
        .extracting(ColumnPath::toString)
        .containsExactly(
            "workspace_users.id",
            "workspaces.memberships.user_id",
            "groups.user_ids",
            "project_memberships.user_id",
            "time_entries_in_progress.user_id",
            "expenses.user_id",
            "approval_requests.approval_request.owner.user_id",
            "time_off_requests.user_id",
            "scheduling_assignments.user_id");
  }

  @Test
  void neverStoreTheTokenOfAWebhook() {
    StreamDefinition webhooks = CATALOG.stream("webhooks");

    assertThat(webhooks.secrets()).containsExactly("authToken");
    assertThat(webhooks.position("auth_token")).isEqualTo(-1);
    assertThat(webhooks.example().has("authToken")).isTrue();
  }

  @Test
  void declareMixedValuesAsJson() {
    assertThat(type(CATALOG.stream("custom_fields"), "workspace_default_value"))
        .isEqualTo(Type.Primitive.JSON);
    assertThat(type(CATALOG.stream("holidays"), "automatic_time_entry_creation"))
        .isEqualTo(Type.Primitive.JSON);
    for (StreamDefinition stream : streams()) {
      for (Column column : stream.columns()) {
        assertThat(textsNamedValue(column.type())).as(stream.name()).isEmpty();
      }
    }
  }

  /** Fields called value, default value and the like that are not of type JSON. */
  private static List<String> textsNamedValue(Type type) {
    List<String> found = new ArrayList<>();
    Type inner = type;
    while (inner instanceof Type.Array array) {
      inner = array.element();
    }
    if (inner instanceof Type.Struct struct) {
      for (Field field : struct.fields()) {
        if (field.column().equals("value") && field.type() != Type.Primitive.JSON) {
          found.add(field.path());
        }
        found.addAll(textsNamedValue(field.type()));
      }
    }
    return found;
  }

  private static Type type(StreamDefinition stream, String column) {
    return stream.columns().get(stream.position(column)).type();
  }
}
