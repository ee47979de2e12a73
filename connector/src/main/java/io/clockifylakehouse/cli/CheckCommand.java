// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import io.clockifylakehouse.cli.Workspaces.Workspace;
import io.clockifylakehouse.config.Configuration;
import io.clockifylakehouse.config.SyncConfiguration.OnForbidden;
import io.clockifylakehouse.destination.Destination;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.http.Exchange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says what a sync would be able to do; changes nothing. */
@Command(
    name = "check",
    description = {
      "Check the key, each stream, and the catalog; change nothing.",
      "Costs about one request per stream and workspace."
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
    ClockifyAccess clockify = ClockifyAccess.open(configuration.source(), session);
    CatalogCheck catalog = checkCatalog(configuration);
    StreamProbes probes = new StreamProbes(clockify.source(), session.catalog());
    List<StreamProbes.Finding> findings = new ArrayList<>(probes.aboveWorkspaces());
    List<Workspace> selected =
        Workspaces.selected(
            clockify.source(), session.catalog(), configuration.source(), workspaces);
    for (Workspace workspace : selected) {
      findings.addAll(probes.in(workspace));
    }
    Exchange exchange = clockify.exchange();
    boolean skipForbidden = configuration.sync().onForbidden() == OnForbidden.SKIP;
    return new CheckReport(selected, findings, catalog, exchange.traffic(), skipForbidden)
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
