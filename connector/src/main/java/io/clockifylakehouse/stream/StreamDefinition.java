// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One collection of the service and its table, as its file under {@code schemas/streams} declares
 * it.
 *
 * <p>Immutable, thus safe for use by several threads.
 *
 * @param name of the stream and of its table
 * @param plan smallest plan of the service that has it ({@code FREE, BASIC, STANDARD, PRO,
 *     ENTERPRISE})
 * @param feature token of the workspace's {@code features[]} that stands for it, for messages only
 * @param endpoint where it is read; empty for an embedded stream
 * @param embedded the record it comes inside of; empty for a stream with an endpoint
 * @param scope the columns that hold the ids of the ancestors, outermost first
 * @param parents by placeholder text, columns of other streams that name further parents: {@code
 *     expenses.user_id}; see {@link StreamCatalog#parentIds}
 * @param key columns that identify a row within a workspace
 * @param reference column under which children hold this stream's id; empty without children
 * @param window how it is read by time; empty when it is always read whole
 * @param partition Iceberg transforms after {@code identity(workspace_id)}, such as {@code
 *     month(started_at)}
 * @param sort columns the rows of a file are sorted by
 * @param secrets names of fields that are never stored, not even in {@code _extra}
 * @param ephemeral true when its rows come and go by nature, so that losing all of them at once is
 *     no sign of a fault
 * @param fields what the API sends
 * @param derived columns read from other columns
 * @param columns the table's columns without the connector's own, in the order of a {@link Row}:
 *     scope, fields, derived, then {@link #EXTRA}
 * @param example a record from the documentation or a live shape
 */
public record StreamDefinition(
    String name,
    String doc,
    String plan,
    Optional<String> feature,
    Optional<Endpoint> endpoint,
    Optional<Embedded> embedded,
    List<String> scope,
    Map<String, List<String>> parents,
    List<String> key,
    Optional<String> reference,
    Optional<Window> window,
    List<String> partition,
    List<String> sort,
    List<String> secrets,
    boolean ephemeral,
    List<Field> fields,
    List<Derived> derived,
    List<Column> columns,
    JsonNode example) {

  /** The last column of every row: what no other column holds, as the text of a JSON object. */
  public static final String EXTRA = "_extra";

  private static final String EXTRA_DOC =
      "Fields the schema does not know and values their column cannot hold exactly: a JSON object"
          + " from the API's path to the value as sent; null when there is none.";

  public StreamDefinition {
    scope = List.copyOf(scope);
    parents = Map.copyOf(parents);
    key = List.copyOf(key);
    partition = List.copyOf(partition);
    sort = List.copyOf(sort);
    secrets = List.copyOf(secrets);
    fields = List.copyOf(fields);
    derived = List.copyOf(derived);
    columns = List.copyOf(columns);
  }

  /** The columns that follow from scope, fields and derived columns; see {@link #columns}. */
  static List<Column> columnsOf(
      List<String> scope,
      Map<String, String> scopeDocs,
      List<String> key,
      List<Field> fields,
      List<Derived> derived) {
    Map<String, Column> columns = new LinkedHashMap<>();
    for (String column : scope) {
      columns.put(column, new Column(column, Type.Primitive.STRING, scopeDocs.get(column), true));
    }
    for (Field field : fields) {
      boolean required = key.contains(field.column()) || scope.contains(field.column());
      columns.put(field.column(), new Column(field.column(), field.type(), field.doc(), required));
    }
    for (Derived column : derived) {
      columns.put(
          column.column(),
          new Column(column.column(), column.type(), column.doc(), key.contains(column.column())));
    }
    columns.put(EXTRA, new Column(EXTRA, Type.Primitive.STRING, EXTRA_DOC, false));
    return new ArrayList<>(columns.values());
  }

  /** The position of a column in a row; -1 when there is none of that name. */
  public int position(String column) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(column)) {
        return i;
      }
    }
    return -1;
  }

  /** The parents named in the path, outermost first; none for an embedded stream. */
  public List<Placeholder> placeholders() {
    return endpoint.map(e -> Placeholder.in(e.path())).orElse(List.of());
  }

  /**
   * This stream read record by record, through {@link Endpoint#one}: the record's id is in the
   * slice's scope under {@link Scope#OWN}.
   *
   * @throws ConnectorException of code DEFECT when the endpoint has no such path
   */
  public StreamDefinition single() {
    Endpoint list = endpoint.orElseThrow();
    String path =
        list.one()
            .orElseThrow(
                () ->
                    new ConnectorException(
                        ErrorCode.DEFECT, name + " cannot be read record by record"));
    Endpoint one =
        new Endpoint(
            list.host(),
            list.method(),
            path,
            list.one(),
            Map.of(),
            Map.of(),
            Optional.empty(),
            List.of(Map.of()),
            Endpoint.Answer.OBJECT,
            List.of(),
            List.of(),
            Paging.UNPAGED);
    return new StreamDefinition(
        name,
        doc,
        plan,
        feature,
        Optional.of(one),
        embedded,
        scope,
        parents,
        key,
        reference,
        window,
        partition,
        sort,
        secrets,
        ephemeral,
        fields,
        derived,
        columns,
        example);
  }

  /** True when each row lies in a workspace. */
  public boolean inWorkspace() {
    return scope.contains(Scope.WORKSPACE);
  }
}
