// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import io.clockifylakehouse.cli.Workspaces.Workspace;
import io.clockifylakehouse.config.Configuration;
import io.clockifylakehouse.config.SyncConfiguration.OnForbidden;
import io.clockifylakehouse.destination.Destination;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.http.Exchange;
import io.clockifylakehouse.stream.Host;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says what a sync would be able to do; changes nothing. */
@Command(
    name = "check",
    description = {
      "Check the key, each stream, and the catalog; change nothing.",
      "Costs about one request per stream and workspace, and says how far the key reaches."
    },
    sortOptions = false)
final class CheckCommand implements Action {
  @Option(
      names = "--workspace",
      paramLabel = "W",
      description = "id or exact name; repeatable (default: all that the key sees)")
  private List<String> workspaces = new ArrayList<>();

  @Override
  public Outcome run(Session session) {
    Configuration configuration = session.configuration();
    try {
      return check(configuration, session);
    } catch (ConnectorException e) {
      throw e.code() == ErrorCode.UNAUTHORIZED ? withRegions(e, configuration, session) : e;
    }
  }

  /** What a refused key may mean: which regions there are, nothing else says. */
  private static ConnectorException withRegions(
      ConnectorException refused, Configuration configuration, Session session) {
    URI base = configuration.source().bases().get(Host.MAIN);
    List<String> others = new ArrayList<>();
    Optional<String> here = Optional.empty();
    for (Map.Entry<String, Map<Host, String>> region :
        session.catalog().api().regions().entrySet()) {
      if (String.valueOf(base).equals(region.getValue().get(Host.MAIN))) {
        here = Optional.of(region.getKey());
      } else {
        others.add(region.getKey());
      }
    }
    String hint =
        here.map(
                name ->
                    ". This was asked of region "
                        + name
                        + "; if the workspace lies in another ("
                        + String.join(", ", others)
                        + "), its key works only there: set source.region")
            .orElse("");
    return new ConnectorException(refused.code(), refused.getMessage() + hint);
  }

  private Outcome check(Configuration configuration, Session session) {
    ClockifyAccess clockify = ClockifyAccess.open(configuration.source(), session);
    CatalogCheck catalog = checkCatalog(configuration);
    StreamProbes probes = new StreamProbes(clockify.source(), session.catalog());
    List<StreamProbes.Finding> findings = new ArrayList<>(probes.aboveWorkspaces());
    List<Workspace> selected =
        Workspaces.selected(
            clockify.source(), session.catalog(), configuration.source(), workspaces);
    Map<String, KeyReach> reach = new LinkedHashMap<>();
    for (Workspace workspace : selected) {
      findings.addAll(probes.in(workspace));
      KeyReach.in(workspace, clockify.source(), session.catalog())
          .ifPresent(known -> reach.put(workspace.id(), known));
    }
    Exchange exchange = clockify.exchange();
    boolean skipForbidden = configuration.sync().onForbidden() == OnForbidden.SKIP;
    return new CheckReport(selected, reach, findings, catalog, exchange.traffic(), skipForbidden)
        .outcome(session);
  }

  /**
   * Whether tables can be written, and where.
   *
   * @param failure empty when they can
   */
  record CatalogCheck(String type, Optional<ConnectorException> failure) {}

  private static CatalogCheck checkCatalog(Configuration configuration) {
    String type = configuration.destination().catalog().getOrDefault("type", "custom");
    try (Destination destination = SyncJob.destination(configuration)) {
      destination.checkWritable();
      return new CatalogCheck(type, Optional.empty());
    } catch (ConnectorException e) {
      return new CatalogCheck(type, Optional.of(e));
    }
  }
}
