// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.http.Exchange;
import io.clockifylakehouse.stream.Endpoint;
import io.clockifylakehouse.stream.Host;
import io.clockifylakehouse.stream.Paging;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.Scope;
import io.clockifylakehouse.stream.Slice;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.stream.Window;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.UnaryOperator;

/**
 * Clockify as a {@link Source}: requests from stream definitions, answers into rows.
 *
 * <p>Safe for use by several threads. What one slice learns about an endpoint, the others use.
 */
public final class ClockifySource implements Source {
  private final Exchange exchange;
  private final StreamCatalog catalog;
  private final Requests requests;
  private final PageSizes sizes = new PageSizes();
  private final Map<String, AnswerReader> readers = new ConcurrentHashMap<>();
  private final Map<String, StreamDefinition> singles = new ConcurrentHashMap<>();

  /**
   * One core is left to those who take the rows: more answers read at once would not end sooner,
   * only hold more pages.
   */
  private final Semaphore parsers =
      new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() - 1));

  /**
   * @param bases the base URL of each host that streams are read from
   */
  public ClockifySource(Exchange exchange, StreamCatalog catalog, Map<Host, URI> bases) {
    this.exchange = exchange;
    this.catalog = catalog;
    this.requests = new Requests(bases);
  }

  @Override
  public SliceReader open(Slice slice) {
    return open(slice, UnaryOperator.identity());
  }

  @Override
  public SliceReader openInOtherPages(Slice slice, int time) {
    return open(slice, trial -> trial.inOtherPages(time));
  }

  private SliceReader open(Slice slice, UnaryOperator<PageSizes.Trial> changed) {
    Slice asked = slice;
    if (slice.scope().ids().containsKey(Scope.OWN)) {
      StreamDefinition single =
          singles.computeIfAbsent(slice.stream().name(), name -> slice.stream().single());
      asked = new Slice(single, slice.scope(), slice.period(), Map.of());
    }
    Endpoint endpoint = reader(asked).endpoint();
    return new PagedSlice(asked, changed.apply(sizes.next(asked.stream().name(), endpoint)));
  }

  @Override
  public Optional<Row> find(StreamDefinition stream, Scope scope, String id) {
    Slice one = new Slice(stream, scope.with(Scope.OWN, id), Period.ALWAYS, Map.of());
    try {
      return open(one).next().rows().stream().findFirst();
    } catch (ConnectorException e) {
      if (e.code() == ErrorCode.PARENT_GONE) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Reads the first record of a slice, or all that one request brings where the endpoint is not
   * paged: whether the stream can be read, for one request (and perhaps one without the tentative
   * parameters).
   *
   * @throws ConnectorException as {@link Source.SliceReader#next}
   */
  public Page probe(Slice slice) {
    Endpoint endpoint = reader(slice).endpoint();
    boolean tentative = sizes.next(slice.stream().name(), endpoint).tentative();
    return new PagedSlice(slice, new PageSizes.Trial(1, tentative)).next();
  }

  /** Compiled once per definition; a stream may be read through another definition of its name. */
  private AnswerReader reader(Slice slice) {
    return readers.compute(
        slice.stream().name() + " " + slice.stream().endpoint().map(Endpoint::path).orElse(""),
        (name, known) ->
            known != null && known.stream() == slice.stream()
                ? known
                : new AnswerReader(slice.stream(), catalog));
  }

  private final class PagedSlice implements SliceReader {
    private final Slice slice;
    private final String stream;
    private final AnswerReader reader;
    private final Endpoint endpoint;
    private final Optional<Window> window;
    private final int column;
    private final PageWalk walk;
    private PageSizes.Trial trial;

    private PagedSlice(Slice slice, PageSizes.Trial trial) {
      this.slice = slice;
      this.stream = slice.stream().name();
      this.reader = reader(slice);
      this.endpoint = reader.endpoint();
      this.window = slice.stream().window();
      this.column = window.map(w -> slice.stream().position(w.column())).orElse(-1);
      requirePeriodFits();
      this.walk = walk();
      this.trial = trial;
    }

    private PageWalk walk() {
      Paging paging = endpoint.paging();
      int ceiling = catalog.api().pageCeiling();
      return window.isPresent() && paging.style() != Paging.Style.NONE
          ? new TimePages(slice.name(), paging, ceiling, slice.period(), column, reader::key)
          : new Pages(slice.name(), paging, ceiling, Bounds.around(slice.period()), reader::key);
    }

    @Override
    public Page next() {
      Answer answer = ask();
      PageWalk.Step step = walk.take(trial.size(), answer);
      return new Page(within(step.rows()), answer.embedded(), answer.drift(), step.last());
    }

    private void requirePeriodFits() {
      boolean bounded = !slice.period().equals(Period.ALWAYS);
      if (bounded && (window.isEmpty() || !catalog.embeddedIn(slice.stream()).isEmpty())) {
        throw new ConnectorException(
            ErrorCode.DEFECT,
            "%s cannot be read by time, but a part of it was asked for:%s"
                .formatted(slice.name(), Bounds.text(slice.period())));
      }
    }

    /** The rows of the slice's period: the bounds that were sent are wider. */
    private List<Row> within(List<Row> rows) {
      return slice.period().equals(Period.ALWAYS)
          ? rows
          : rows.stream().filter(row -> slice.period().contains((Long) row.get(column))).toList();
    }

    private Answer ask() {
      try {
        Answer answer = send(trial);
        sizes.accept(stream, endpoint, trial);
        return answer;
      } catch (ConnectorException e) {
        // A size or a parameter that the endpoint does not take can look like a missing parent
        // (400 with code 501). Believing that would empty a table.
        boolean doubtful =
            !trial.equals(trial.modest())
                && (e.code() == ErrorCode.REJECTED
                    || e.code() == ErrorCode.PARENT_GONE
                        && !sizes.hasAccepted(stream, endpoint, trial));
        if (!doubtful) {
          throw e;
        }
        return askMildly();
      }
    }

    /**
     * Asks as modestly as can be: when that fails too, neither size nor parameters are at fault and
     * its failure stands, for one request more. Else the boldest way that is accepted is searched,
     * and used for the stream from now on.
     */
    private Answer askMildly() {
      PageSizes.Trial modest = trial.modest();
      Answer modestAnswer = send(modest);
      for (PageSizes.Trial milder : trial.milder()) {
        try {
          return settle(milder, send(milder));
        } catch (ConnectorException e) {
          if (e.code() != ErrorCode.REJECTED && e.code() != ErrorCode.PARENT_GONE) {
            throw e;
          }
        }
      }
      return settle(modest, modestAnswer);
    }

    private Answer settle(PageSizes.Trial accepted, Answer answer) {
      sizes.settle(stream, endpoint, trial, accepted);
      trial = accepted;
      return answer;
    }

    private Answer send(PageSizes.Trial trial) {
      try {
        return exchange.send(
            requests.page(slice, walk.question(trial.size()), trial.tentative()),
            response -> {
              parsers.acquireUninterruptibly();
              try {
                return reader.read(response, slice);
              } finally {
                parsers.release();
              }
            });
      } catch (ConnectorException e) {
        if (e.code() == ErrorCode.PARENT_GONE && !hasParent()) {
          throw new ConnectorException(ErrorCode.REJECTED, e.getMessage(), e);
        }
        throw e;
      }
    }

    /** A workspace is no parent that can be gone while its key still sees it. */
    private boolean hasParent() {
      return slice.scope().ids().keySet().stream().anyMatch(c -> !c.equals(Scope.WORKSPACE));
    }
  }
}
