// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.parquet.InternalWriter;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;

/**
 * What the same pages cost without anything that makes a connector of it, in a process of its own:
 * {@code tokens} fetches them and walks through their JSON tokens, {@code parquet} also puts each
 * scalar of a record into a record of texts and writes that to one Parquet file, zstd level 1.
 *
 * <p>Arguments: mode, file of addresses, file to write.
 */
public final class Floor {
  private static final int COLUMNS = 24;

  private Floor() {}

  /** Runs the floor. */
  public static void main(String[] args) throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    JsonFactory json = new JsonFactory();
    long count = 0;
    try (Output output = args[0].equals("parquet") ? new Output(Path.of(args[2])) : null) {
      for (String address : Files.readAllLines(Path.of(args[1]))) {
        HttpRequest request =
            HttpRequest.newBuilder(URI.create(address)).header("Accept-Encoding", "gzip").build();
        HttpResponse<InputStream> response =
            client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        boolean zipped = response.headers().firstValue("Content-Encoding").isPresent();
        try (InputStream body =
                zipped ? new GZIPInputStream(response.body(), 1 << 16) : response.body();
            JsonParser parser = json.createParser(body)) {
          count += output == null ? tokens(parser) : output.records(parser);
        }
      }
    }
    System.out.println(count);
  }

  private static long tokens(JsonParser parser) throws IOException {
    long tokens = 0;
    while (parser.nextToken() != null) {
      tokens++;
    }
    return tokens;
  }

  /** Records of texts, each field in the column that was given to its path first. */
  private static final class Output implements AutoCloseable {
    private final Map<String, Integer> columns = new HashMap<>();
    private final GenericRecord empty;
    private final FileAppender<GenericRecord> appender;

    Output(Path file) throws IOException {
      Types.NestedField[] fields = new Types.NestedField[COLUMNS];
      for (int i = 0; i < COLUMNS; i++) {
        fields[i] = Types.NestedField.optional(i + 1, "c" + i, Types.StringType.get());
      }
      Schema schema = new Schema(fields);
      this.empty = GenericRecord.create(schema);
      this.appender =
          Parquet.write(org.apache.iceberg.Files.localOutput(file.toFile()))
              .schema(schema)
              .set("write.parquet.compression-codec", "zstd")
              .set("write.parquet.compression-level", "1")
              .createWriterFunc(InternalWriter::createWriter)
              .overwrite()
              .build();
    }

    long records(JsonParser parser) throws IOException {
      long records = 0;
      GenericRecord record = null;
      int depth = 0;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.START_OBJECT && depth++ == 0) {
          record = empty.copy();
        } else if (token == JsonToken.END_OBJECT && --depth == 0) {
          appender.add(record);
          records++;
        } else if (token.isScalarValue() && record != null && token != JsonToken.VALUE_NULL) {
          String name = parser.currentName();
          Integer column = name == null ? null : columns.computeIfAbsent(name, n -> columns.size());
          if (column != null && column < COLUMNS) {
            record.set(column, parser.getText());
          }
        }
      }
      return records;
    }

    @Override
    public void close() throws IOException {
      appender.close();
    }
  }
}
