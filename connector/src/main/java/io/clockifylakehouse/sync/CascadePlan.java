// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.stream.ColumnPath;
import io.clockifylakehouse.stream.Endpoint;
import io.clockifylakehouse.stream.Placeholder;
import io.clockifylakehouse.stream.Scope;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which streams a run reads, which of them it writes, and what the rows of one release in others.
 *
 * <p>A stream that is not selected is read all the same when it names the parents of one that is.
 * Immutable, thus safe for use by several threads.
 */
final class CascadePlan {

  /**
   * Rows of one stream that name the parents of another.
   *
   * @param ids where the parents' ids are in those rows
   * @param primary true for the parent itself, whose failure is the child's; false for a further
   *     place where ids are found
   */
  record Release(StreamDefinition child, ColumnPath ids, boolean primary) {}

  private final Map<String, StreamDefinition> read = new LinkedHashMap<>();
  private final Set<String> written;
  private final Map<String, List<Release>> releases = new LinkedHashMap<>();

  private CascadePlan(Set<String> written) {
    this.written = written;
  }

  /** The plan for the selected streams. */
  static CascadePlan of(StreamCatalog catalog, Set<String> selected) {
    CascadePlan plan = new CascadePlan(selected);
    Set<String> needed = new LinkedHashSet<>();
    for (String name : selected) {
      need(catalog, catalog.stream(name), needed);
    }
    for (StreamDefinition stream : catalog.streams()) {
      if (needed.contains(stream.name()) || isWorkspaces(stream)) {
        plan.read.put(stream.name(), stream);
      }
    }
    for (StreamDefinition child : plan.read.values()) {
      plan.addReleases(child);
    }
    return plan;
  }

  private static void need(StreamCatalog catalog, StreamDefinition stream, Set<String> needed) {
    if (!needed.add(stream.name())) {
      return;
    }
    catalog.parent(stream).ifPresent(parent -> need(catalog, parent, needed));
    for (List<String> columns : stream.parents().values()) {
      for (String column : columns) {
        need(catalog, catalog.stream(streamOf(column)), needed);
      }
    }
  }

  private void addReleases(StreamDefinition child) {
    if (child.endpoint().isEmpty()) {
      return;
    }
    List<Placeholder> placeholders = Placeholder.in(child.endpoint().get().path());
    if (placeholders.isEmpty()) {
      return;
    }
    Placeholder parent = placeholders.get(placeholders.size() - 1);
    addRelease(parent.stream(), parent.column(), child, true);
    for (String column : child.parents().getOrDefault(parent.text(), List.of())) {
      String stream = streamOf(column);
      addRelease(stream, column.substring(stream.length() + 1), child, false);
    }
  }

  private void addRelease(String from, String column, StreamDefinition child, boolean primary) {
    releases
        .computeIfAbsent(from, name -> new ArrayList<>())
        .add(new Release(child, ColumnPath.of(read.get(from), column), primary));
  }

  private static String streamOf(String column) {
    return column.substring(0, column.indexOf('.'));
  }

  /** True for the root of the cascade: the stream whose rows are the workspaces. */
  static boolean isWorkspaces(StreamDefinition stream) {
    return stream.reference().map(Scope.WORKSPACE::equals).orElse(false);
  }

  /** True for the stream whose one record says whose key it is. */
  static boolean isAccount(StreamDefinition stream) {
    return !stream.inWorkspace()
        && stream.endpoint().map(e -> e.answer() == Endpoint.Answer.OBJECT).orElse(false);
  }

  /** Every stream that is read, parents before children. */
  List<StreamDefinition> read() {
    return List.copyOf(read.values());
  }

  /** Every stream that is written, parents before children. */
  List<StreamDefinition> written() {
    return read.values().stream().filter(this::writes).toList();
  }

  /** A stream that is read, by name. */
  Optional<StreamDefinition> find(String name) {
    return Optional.ofNullable(read.get(name));
  }

  /** The streams that are read inside the records of another. */
  List<StreamDefinition> embeddedIn(StreamDefinition parent) {
    return read.values().stream()
        .filter(s -> s.embedded().map(e -> e.stream().equals(parent.name())).orElse(false))
        .toList();
  }

  /** The stream in whose records another is read; empty for one that is read by itself. */
  Optional<StreamDefinition> carrier(StreamDefinition stream) {
    return stream.embedded().flatMap(embedded -> find(embedded.stream()));
  }

  /**
   * The streams that are not read for a parent which a stream's read did not show, each with the
   * stream in whose slices its rows come: itself, or the one that it is embedded in.
   */
  Map<StreamDefinition, StreamDefinition> below(StreamDefinition stream) {
    Map<StreamDefinition, StreamDefinition> below = new LinkedHashMap<>();
    for (Release release : releases(stream)) {
      StreamDefinition child = release.child();
      if (release.primary() && child.scope().size() > 1) {
        below.put(child, child);
        embeddedIn(child).forEach(embedded -> below.put(embedded, child));
        below.putAll(below(child));
      }
    }
    return below;
  }

  boolean writes(StreamDefinition stream) {
    return written.contains(stream.name());
  }

  /** What the rows of a stream release. */
  List<Release> releases(StreamDefinition stream) {
    return releases.getOrDefault(stream.name(), List.of());
  }

  /** The streams whose rows release slices of this one, or carry its rows inside them. */
  List<Source> sources(StreamDefinition child) {
    List<Source> sources = new ArrayList<>();
    child
        .embedded()
        .ifPresent(embedded -> sources.add(new Source(read.get(embedded.stream()), true)));
    releases.forEach(
        (from, list) ->
            list.stream()
                .filter(release -> release.child().name().equals(child.name()))
                .forEach(release -> sources.add(new Source(read.get(from), release.primary()))));
    return sources;
  }

  /**
   * A stream that another one depends on.
   *
   * @param primary true when its failure is the other's
   */
  record Source(StreamDefinition stream, boolean primary) {}
}
