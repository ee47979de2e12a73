// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One read endpoint: what to ask and where the records lie in the answer.
 *
 * @param path below the host's base URL; a placeholder {@code {projects.id}} names the parent
 *     stream and the column of its rows that is put in
 * @param method {@code GET} or {@code POST}
 * @param query parameters of every request, each with one or more values
 * @param tentative parameters that are left out from then on when the service answers 400
 * @param body of a POST, without the paging keys; copy it before adding to it
 * @param variants further parameters, one request series each, whose records are united by key; one
 *     empty variant where there is nothing to unite
 * @param answer whether the records are a list, or the answer is the one record itself
 * @param records keys from the answer's top down to the records; empty when the answer is them
 * @param one path of a single record, where the endpoint has one beside its list; a placeholder of
 *     the stream itself stands for the record's id
 * @param count keys down to the number of all records, where the endpoint tells it
 */
public record Endpoint(
    Host host,
    String method,
    String path,
    Optional<String> one,
    Map<String, List<String>> query,
    Map<String, List<String>> tentative,
    Optional<ObjectNode> body,
    List<Map<String, String>> variants,
    Answer answer,
    List<String> records,
    List<String> count,
    Paging paging) {

  /** The shape of the answer. */
  public enum Answer {
    LIST,
    OBJECT
  }

  public Endpoint {
    query = Collections.unmodifiableMap(new LinkedHashMap<>(query));
    tentative = Collections.unmodifiableMap(new LinkedHashMap<>(tentative));
    variants = variants.stream().map(Collections::unmodifiableMap).toList();
    records = List.copyOf(records);
    count = List.copyOf(count);
  }
}
