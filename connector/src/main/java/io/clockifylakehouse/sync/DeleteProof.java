// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.destination.MissingRow;
import io.clockifylakehouse.destination.Sink;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.source.Page;
import io.clockifylakehouse.source.Source;
import io.clockifylakehouse.stream.Endpoint;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.Scope;
import io.clockifylakehouse.stream.Slice;
import io.clockifylakehouse.stream.StreamDefinition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Believes a delete only when it is proven.
 *
 * <p>A read of one page is a picture of one moment, and what it lacks is gone. In a read of several
 * pages rows may have shifted while the service changed, between the lists of several variants one
 * may have changed over (a project that is archived just then), and a read of a window lacks what
 * moved out of it: such rows are asked for by their id, or read again until nothing more turns up.
 * Where a list of parents is no picture of one moment, one that was not seen was not read for its
 * children either: those are read now. An empty list where rows were, or a parent that is listed
 * and called gone, is the shape that errors take, too: it is asked for again; and where an entry
 * list lacks many, a few of them are asked for. What is still there is written, with its new place.
 *
 * <p>Not safe for use by several threads.
 */
final class DeleteProof {
  /** Missing rows of one scope that are asked for one by one; beyond, the scope is read whole. */
  static final int ASKED_ONE_BY_ONE = 20;

  /** Reads in a row in which nothing may turn up before what is missing counts as gone. */
  private static final int QUIET_READS = 2;

  /** Times that a list is read again before it counts as one that is never at rest. */
  private static final int READS_MAX = 6;

  /** Rows that are asked for of those that a list lacks when it is read again. */
  private static final int SAMPLE = 3;

  /** Times that a list is read again which is empty, or of a parent called gone, and had rows. */
  private static final int EMPTY_READS = 4;

  /**
   * What a read brought.
   *
   * @param repeats whether a row came twice
   */
  private record Brought(boolean nothing, boolean repeats) {}

  private final Source source;
  private final RunLedger ledger;
  private final StopSignal stop;

  /**
   * @param stop ends the waiting for the service
   */
  DeleteProof(Source source, RunLedger ledger, StopSignal stop) {
    this.source = source;
    this.ledger = ledger;
    this.stop = stop;
  }

  /**
   * Proves the deletes that a commit would make, writing to the sink what turns out to be there.
   *
   * @param coverage what the read says; of its exceptions nothing is asked
   * @return the coverage to commit with
   * @throws io.clockifylakehouse.error.ConnectorException SHRINK_REFUSED when there are too many to
   *     be true; INTERRUPTED when the run is stopped; whatever the source throws while asking
   */
  Coverage prove(Load load, LoadReading reading, Sink sink, Coverage coverage) {
    if (!coverage.deletes() || sink.missingCount() == 0) {
      return coverage;
    }
    return stop.waiting(() -> proveByAsking(load, reading, sink, coverage));
  }

  private Coverage proveByAsking(Load load, LoadReading reading, Sink sink, Coverage coverage) {
    List<Slice> severalPages = ledger.severalPages(load);
    if (load.stream().window().isPresent() && canAskById(load.stream())) {
      return proveById(load, reading, sink, coverage, severalPages);
    }
    if (!severalPages.isEmpty()) {
      sink.checkShrink(coverage);
      readUntilNothingTurnsUp(severalPages, load, sink);
    }
    readEmptiedAgain(load, sink, coverage);
    ledger
        .parentsInDoubt(load)
        .ifPresent(
            stream -> {
              sink.checkShrink(coverage);
              readOfMissing(stream, load, sink, coverage.except());
            });
    return coverage;
  }

  /**
   * Reads slices of several pages until two reads in a row bring each row once and none of those
   * that are missing: what even then was not seen is gone.
   */
  private void readUntilNothingTurnsUp(List<Slice> slices, Load load, Sink sink) {
    int quiet = 0;
    for (int read = 0; quiet < QUIET_READS; read++) {
      if (read == READS_MAX) {
        throw new ConnectorException(
            ErrorCode.UNEXPECTED_ANSWER,
            String.format(
                "%s: the list was read %d times and is never at rest: its pages repeat rows, or"
                    + " bring others each time; nothing is deleted, sync again",
                load, READS_MAX + 1));
      }
      long missing = sink.missingCount();
      boolean repeats = false;
      for (Slice slice : slices) {
        repeats |= readAgain(slice, read + 1, load, sink).repeats();
      }
      if (sink.missingCount() == 0) {
        return;
      }
      quiet = repeats || sink.missingCount() < missing ? 0 : quiet + 1;
    }
  }

  /**
   * Asks again for the rows of each parent that had some and was answered with none, or as gone.
   */
  private void readEmptiedAgain(Load load, Sink sink, Coverage coverage) {
    String column = CascadeScheduler.innermost(load.stream());
    List<Slice> emptied = ledger.emptied(load);
    if (load.stream().scope().size() < 2 || emptied.isEmpty() || sink.missingCount() == 0) {
      return; // the list of a whole workspace is what max_shrink guards
    }
    Set<String> ids = idsOfMissing(sink);
    ids.removeAll(coverage.except());
    for (Slice slice : emptied) {
      if (ids.contains(slice.scope().ids().getOrDefault(column, ""))) {
        sink.checkShrink(coverage);
        boolean nothing = true;
        for (int read = 0; nothing && read < EMPTY_READS; read++) {
          nothing = readAgainUnlessGone(slice, load, sink).nothing();
        }
      }
    }
  }

  private static Set<String> idsOfMissing(Sink sink) {
    Set<String> ids = new TreeSet<>();
    sink.missing(Integer.MAX_VALUE).forEach(row -> row.scopeId().ifPresent(ids::add));
    return ids;
  }

  /** Reads the rows of each parent that rows are missing of: it may not have been seen itself. */
  private void readOfMissing(StreamDefinition stream, Load load, Sink sink, Set<String> undoubted) {
    Set<String> ids = idsOfMissing(sink);
    ids.removeAll(undoubted);
    for (String id : ids) {
      Scope scope =
          Scope.ROOT
              .with(Scope.WORKSPACE, load.workspaceId().orElseThrow())
              .with(CascadeScheduler.innermost(stream), id);
      for (Map<String, String> variant : stream.endpoint().orElseThrow().variants()) {
        readAgainUnlessGone(new Slice(stream, scope, Period.ALWAYS, variant), load, sink);
      }
    }
  }

  private static boolean canAskById(StreamDefinition stream) {
    return stream.endpoint().flatMap(Endpoint::one).isPresent() && stream.key().size() == 1;
  }

  private Coverage proveById(
      Load load, LoadReading reading, Sink sink, Coverage coverage, List<Slice> severalPages) {
    Map<String, List<MissingRow>> byScope = new TreeMap<>();
    for (MissingRow row : sink.missing(Integer.MAX_VALUE)) {
      byScope.computeIfAbsent(row.scopeId().orElse(""), id -> new ArrayList<>()).add(row);
    }
    byScope.keySet().removeAll(coverage.except());
    long missing = byScope.values().stream().mapToLong(List::size).sum();
    if (missing > ASKED_ONE_BY_ONE) {
      sink.checkShrink(coverage);
    }
    String column = CascadeScheduler.innermost(load.stream());
    Set<String> shifted = new TreeSet<>();
    severalPages.forEach(slice -> shifted.add(slice.scope().ids().get(column)));
    ledger.emptied(load).forEach(slice -> shifted.add(slice.scope().ids().get(column)));
    boolean eachAsked = true;
    for (Map.Entry<String, List<MissingRow>> entry : byScope.entrySet()) {
      String id = entry.getKey();
      boolean doubtful = reading.recentOnly().contains(id) || shifted.contains(id);
      Scope scope =
          Scope.ROOT.with(Scope.WORKSPACE, load.workspaceId().orElseThrow()).with(column, id);
      if (!doubtful) {
        eachAsked = false;
        if (entry.getValue().size() > ASKED_ONE_BY_ONE) {
          requireGone(load, scope, id, sink);
        }
      } else if (entry.getValue().size() > ASKED_ONE_BY_ONE) {
        eachAsked = false;
        readAgain(new Slice(load.stream(), scope, Period.ALWAYS, Map.of()), 0, load, sink);
        requireGone(load, scope, id, sink);
      } else {
        for (MissingRow row : entry.getValue()) {
          Optional<Row> found = source.find(load.stream(), scope, String.valueOf(row.key().get(0)));
          found.ifPresent(there -> sink.write(List.of(there)));
        }
      }
    }
    return eachAsked ? coverage.confirmed() : coverage;
  }

  /**
   * Asks for a few of the rows that a list lacks twice: when one is there all the same, nothing the
   * list lacks is believed to be gone.
   */
  private void requireGone(Load load, Scope scope, String id, Sink sink) {
    List<MissingRow> left =
        sink.missing(Integer.MAX_VALUE).stream()
            .filter(row -> row.scopeId().equals(Optional.of(id)))
            .toList();
    int column = load.stream().position(CascadeScheduler.innermost(load.stream()));
    for (int i = 0; i < left.size(); i += Math.max(1, (left.size() + SAMPLE - 1) / SAMPLE)) {
      String key = String.valueOf(left.get(i).key().get(0));
      Optional<Row> found = source.find(load.stream(), scope, key);
      if (found.isPresent() && id.equals(found.get().get(column))) {
        throw new ConnectorException(
            ErrorCode.UNEXPECTED_ANSWER,
            String.format(
                "%s: the list of %s lacks %s, which is there when it is asked for by its id;"
                    + " nothing is deleted",
                load, id, key));
      }
      found.ifPresent(moved -> sink.write(List.of(moved)));
    }
  }

  private Brought readAgainUnlessGone(Slice slice, Load load, Sink sink) {
    try {
      return readAgain(slice, 0, load, sink);
    } catch (ConnectorException e) {
      if (e.code() != ErrorCode.PARENT_GONE) {
        throw e;
      }
      return new Brought(true, false);
    }
  }

  /**
   * Reads a slice once more; rows of the load that it brings are written.
   *
   * @param time of reading it in pages that begin elsewhere, from 1; 0 for the usual pages
   */
  private Brought readAgain(Slice slice, int time, Load load, Sink sink) {
    Source.SliceReader reader =
        time == 0 ? source.open(slice) : source.openInOtherPages(slice, time);
    boolean own = slice.stream().name().equals(load.stream().name());
    int[] key = load.stream().key().stream().mapToInt(load.stream()::position).toArray();
    Set<List<Object>> keys = new HashSet<>();
    int rowCount = 0;
    boolean last = false;
    while (!last) {
      Page page = reader.next();
      List<Row> rows = own ? page.rows() : page.embedded().get(load.stream().name());
      sink.write(rows);
      rows.forEach(row -> keys.add(Arrays.stream(key).mapToObj(row::get).toList()));
      rowCount += rows.size();
      last = page.last();
    }
    return new Brought(keys.isEmpty(), keys.size() < rowCount);
  }
}
