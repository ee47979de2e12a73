// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * A report as one HTML file that needs nothing else: style, chart library (Chart.js, MIT licence),
 * script and data are inside. Its content security policy lets it run exactly those two scripts and
 * load nothing, whatever a name in the data may hold. Stateless.
 */
final class Page {
  private static final String TEMPLATE = resource("page.html");
  private static final String STYLE = resource("page.css");
  private static final String SCRIPT = resource("page.js");

  /** Without the address of its source map, which is not here. */
  private static final String CHARTS =
      resource("chart.umd.min.js").replaceAll("(?m)^//# sourceMappingURL=.*$", "");

  private Page() {}

  static void write(Report report, Writer out) throws IOException {
    String policy =
        "default-src 'none'; script-src "
            + hash(CHARTS)
            + " "
            + hash(SCRIPT)
            + "; style-src "
            + hash(STYLE)
            + "; img-src data:; base-uri 'none'; form-action 'none'";
    String page =
        TEMPLATE
            .replace("{policy}", policy)
            .replace("{style}", STYLE)
            .replace("{charts}", CHARTS)
            .replace("{script}", SCRIPT);
    int data = page.indexOf("{data}");
    out.write(page, 0, data);
    writeData(report, out);
    out.write(page, data + "{data}".length(), page.length() - data - "{data}".length());
    out.flush();
  }

  private static void writeData(Report report, Writer out) throws IOException {
    JsonFactory factory = JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    factory.setCharacterEscapes(new InHtml());
    try (JsonGenerator json = factory.createGenerator(new Unclosed(out))) {
      new PageData(report, json).write();
    }
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new ConnectorException(ErrorCode.DEFECT, "no SHA-256 in this Java", e);
    }
  }

  private static String resource(String name) {
    try (InputStream in = Page.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new ConnectorException(ErrorCode.DEFECT, "cannot read the packaged " + name, e);
    }
  }

  /** Nothing in the data can end the element it stands in. */
  private static final class InHtml extends CharacterEscapes {
    private static final long serialVersionUID = 1L;

    @Override
    public int[] getEscapeCodesForAscii() {
      int[] codes = CharacterEscapes.standardAsciiEscapesForJSON();
      codes['<'] = ESCAPE_STANDARD;
      codes['>'] = ESCAPE_STANDARD;
      codes['&'] = ESCAPE_STANDARD;
      return codes;
    }

    @Override
    public SerializableString getEscapeSequence(int character) {
      return null;
    }
  }

  /** The page goes on after its data. */
  private static final class Unclosed extends FilterWriter {
    Unclosed(Writer out) {
      super(out);
    }

    @Override
    public void write(String text, int offset, int length) throws IOException {
      out.write(text, offset, length);
    }

    @Override
    public void write(char[] text, int offset, int length) throws IOException {
      out.write(text, offset, length);
    }

    @Override
    public void close() throws IOException {
      out.flush();
    }
  }
}
