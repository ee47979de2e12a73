// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.observability;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.destination.RowCounts;
import io.clockifylakehouse.stream.Column;
import io.clockifylakehouse.stream.Field;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.stream.Type;
import io.clockifylakehouse.sync.StreamResult;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * The events of one run after the OpenLineage specification 2-0-2: inputs are Clockify's endpoints,
 * outputs the tables.
 *
 * <p>Immutable, thus safe for use by several threads.
 *
 * @param namespace of the job
 * @param job its name
 * @param service address of Clockify
 * @param version of the connector
 */
record LineageEvents(
    String namespace, String job, UUID runId, URI service, String version, StreamCatalog catalog) {
  private static final String SPEC = "https://openlineage.io/spec/";
  private static final String PRODUCER = "urn:clockify-lakehouse";

  ObjectNode started(Instant moment) {
    return event("START", moment);
  }

  /**
   * @param locations a table's place by stream
   */
  ObjectNode ended(RunSummary run, UnaryOperator<String> locations) {
    ObjectNode event = event(run.finished() ? "COMPLETE" : "FAIL", run.finishedAt());
    run.reason()
        .ifPresent(
            reason ->
                facet(
                        event.withObject("/run").withObject("/facets"),
                        "errorMessage",
                        "1-0-1/ErrorMessageRunFacet")
                    .put("message", reason)
                    .put("programmingLanguage", "JAVA"));
    Map<String, Long> written = new LinkedHashMap<>();
    for (StreamResult stream : run.streams()) {
      if (stream.whole()) {
        RowCounts rows = stream.rows();
        written.merge(stream.stream(), rows.added() + rows.changed(), Long::sum);
      }
    }
    for (StreamDefinition stream : catalog.streams()) {
      if (written.containsKey(stream.name())) {
        input((ArrayNode) event.get("inputs"), stream);
        output(
            (ArrayNode) event.get("outputs"),
            stream,
            locations.apply(stream.name()),
            written.get(stream.name()));
      }
    }
    return event;
  }

  private ObjectNode event(String type, Instant moment) {
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    event.put("eventType", type);
    event.put("eventTime", moment.toString());
    ObjectNode run = event.putObject("run").put("runId", runId.toString());
    facet(run.putObject("facets"), "processing_engine", "1-1-1/ProcessingEngineRunFacet")
        .put("name", "clockify-lakehouse")
        .put("version", version);
    ObjectNode ownJob = event.putObject("job").put("namespace", namespace).put("name", job);
    facet(ownJob.putObject("facets"), "jobType", "2-0-3/JobTypeJobFacet")
        .put("processingType", "BATCH")
        .put("integration", "CLOCKIFY_LAKEHOUSE")
        .put("jobType", "JOB");
    event.putArray("inputs");
    event.putArray("outputs");
    event.put("producer", PRODUCER);
    event.put("schemaURL", SPEC + "2-0-2/OpenLineage.json#/$defs/RunEvent");
    return event;
  }

  private void input(ArrayNode inputs, StreamDefinition stream) {
    stream
        .endpoint()
        .ifPresent(
            endpoint ->
                inputs
                    .addObject()
                    .put("namespace", service.getScheme() + "://" + service.getAuthority())
                    .put("name", service.getPath() + endpoint.path()));
  }

  /** Named after the place, as OpenLineage's naming conventions have it for files and stores. */
  private static void output(
      ArrayNode outputs, StreamDefinition stream, String location, long rows) {
    URI place = URI.create(location.replace(" ", "%20"));
    boolean remote = place.getAuthority() != null;
    ObjectNode output =
        outputs
            .addObject()
            .put("namespace", remote ? place.getScheme() + "://" + place.getAuthority() : "file")
            .put("name", remote ? place.getPath().replaceFirst("^/", "") : place.getPath());
    ObjectNode facets = output.putObject("facets");
    ArrayNode fields = facet(facets, "schema", "1-1-1/SchemaDatasetFacet").putArray("fields");
    for (Column column : stream.columns()) {
      field(fields, column.name(), column.type(), column.doc());
    }
    facet(facets, "storage", "1-0-1/StorageDatasetFacet")
        .put("storageLayer", "iceberg")
        .put("fileFormat", "parquet");
    facet(facets, "documentation", "1-0-1/DocumentationDatasetFacet")
        .put("description", stream.doc());
    facet(
            output.putObject("outputFacets"),
            "outputStatistics",
            "1-0-2/OutputStatisticsOutputDatasetFacet")
        .put("rowCount", rows);
  }

  private static void field(ArrayNode fields, String name, Type type, String doc) {
    ObjectNode field = fields.addObject().put("name", name).put("type", name(type));
    if (!doc.isEmpty()) {
      field.put("description", doc);
    }
    Type inner = type instanceof Type.Array array ? array.element() : type;
    if (inner instanceof Type.Struct struct) {
      ArrayNode nested = field.putArray("fields");
      for (Field part : struct.fields()) {
        field(nested, part.column(), part.type(), part.doc());
      }
    }
  }

  private static String name(Type type) {
    if (type instanceof Type.Primitive primitive) {
      return primitive.name().toLowerCase(Locale.ROOT);
    }
    return type instanceof Type.Array array ? "list<" + name(array.element()) + ">" : "struct";
  }

  private static ObjectNode facet(ObjectNode facets, String name, String schema) {
    String type = schema.substring(schema.indexOf('/') + 1);
    return facets
        .putObject(name)
        .put("_producer", PRODUCER)
        .put("_schemaURL", SPEC + "facets/" + schema + ".json#/$defs/" + type);
  }
}
