// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A real headless Chromium, driven over its DevTools protocol by nothing but the JDK. It has no
 * network: any host name fails. Used by one thread.
 *
 * @see <a href="https://chromedevtools.github.io/devtools-protocol/">DevTools protocol</a>
 */
final class Browser implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long PATIENCE_SECONDS = 60;

  private final Process process;
  private final WebSocket socket;
  private final BlockingQueue<JsonNode> arrived = new LinkedBlockingQueue<>();
  private final List<String> complaints = new ArrayList<>();
  private String session = "";
  private int lastId;

  private Browser(Process process, String address) {
    this.process = process;
    this.socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create(address), new Messages(arrived))
            .join();
  }

  /**
   * @param profile a directory of its own
   */
  static Browser start(Path profile) throws IOException {
    Process process =
        new ProcessBuilder(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--host-resolver-rules=MAP * ~NOTFOUND",
                "--user-data-dir=" + profile,
                "--remote-debugging-port=0",
                "about:blank")
            .redirectErrorStream(true)
            .start();
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("DevTools listening on ")) {
        Browser browser = new Browser(process, line.substring("DevTools listening on ".length()));
        browser.attach();
        return browser;
      }
    }
    throw new IOException("chromium ended before it listened: is it installed?");
  }

  private void attach() {
    String target =
        call("Target.createTarget", JSON.createObjectNode().put("url", "about:blank"))
            .get("targetId")
            .asText();
    session =
        call(
                "Target.attachToTarget",
                JSON.createObjectNode().put("targetId", target).put("flatten", true))
            .get("sessionId")
            .asText();
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      call(domain + ".enable", JSON.createObjectNode());
    }
  }

  /** Sets the size of the window in CSS pixels, and whether the user prefers a dark page. */
  void look(int width, int height, boolean dark) {
    call(
        "Emulation.setDeviceMetricsOverride",
        JSON.createObjectNode()
            .put("width", width)
            .put("height", height)
            .put("deviceScaleFactor", 1)
            .put("mobile", false));
    ObjectNode media = JSON.createObjectNode();
    media
        .putArray("features")
        .addObject()
        .put("name", "prefers-color-scheme")
        .put("value", dark ? "dark" : "light");
    call("Emulation.setEmulatedMedia", media);
  }

  /** Opens a file and waits until it is loaded. */
  void open(Path file) throws InterruptedException {
    complaints.clear();
    call("Page.navigate", JSON.createObjectNode().put("url", file.toUri().toString()));
    while (!evaluate("document.readyState + location.protocol").asText().equals("completefile:")) {
      JsonNode event = arrived.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (event == null) {
        throw new AssertionError("not loaded: " + file);
      }
      note(event);
    }
  }

  /** The value of an expression in the page. */
  JsonNode evaluate(String expression) {
    JsonNode answer =
        call(
            "Runtime.evaluate",
            JSON.createObjectNode()
                .put("expression", expression)
                .put("returnByValue", true)
                .put("userGesture", true)
                .put("awaitPromise", true));
    if (answer.has("exceptionDetails")) {
      throw new AssertionError(expression + ": " + answer.get("exceptionDetails"));
    }
    return answer.path("result").path("value");
  }

  /** A real mouse click on the middle of an element. */
  void click(String selector) {
    JsonNode box =
        evaluate(
            "(() => { const e = document.querySelector("
                + JSON.getNodeFactory().textNode(selector)
                + "); e.scrollIntoView({block: 'center'}); const r = e.getBoundingClientRect();"
                + " return {x: r.x + r.width / 2, y: r.y + r.height / 2}; })()");
    for (String type : List.of("mousePressed", "mouseReleased")) {
      call(
          "Input.dispatchMouseEvent",
          JSON.createObjectNode()
              .put("type", type)
              .put("x", box.get("x").asDouble())
              .put("y", box.get("y").asDouble())
              .put("button", "left")
              .put("clickCount", 1));
    }
  }

  /** Types into the element that has the focus. */
  void type(String text) {
    call("Input.insertText", JSON.createObjectNode().put("text", text));
  }

  /** The page from top to bottom as a PNG file. */
  void shoot(Path file) throws IOException {
    ObjectNode whole =
        JSON.createObjectNode().put("format", "png").put("captureBeyondViewport", true);
    JsonNode size = call("Page.getLayoutMetrics", JSON.createObjectNode()).get("cssContentSize");
    whole
        .putObject("clip")
        .put("x", 0)
        .put("y", 0)
        .put("width", size.get("width").asInt())
        .put("height", Math.min(9000, size.get("height").asInt()))
        .put("scale", 1);
    String data = call("Page.captureScreenshot", whole).get("data").asText();
    Files.write(file, Base64.getDecoder().decode(data));
  }

  /** The page as it is printed. */
  byte[] print() {
    String data = call("Page.printToPDF", JSON.createObjectNode()).get("data").asText();
    return Base64.getDecoder().decode(data);
  }

  /** Exceptions, errors, refused loads and every request but for the file itself. */
  List<String> complaints() {
    for (JsonNode event = arrived.poll(); event != null; event = arrived.poll()) {
      note(event);
    }
    return List.copyOf(complaints);
  }

  private void note(JsonNode event) {
    String url = event.path("params").path("request").path("url").asText("file:");
    boolean complaint =
        switch (event.path("method").asText()) {
          case "Runtime.exceptionThrown", "Log.entryAdded" -> true;
          case "Runtime.consoleAPICalled" ->
              event.path("params").path("type").asText().matches("error|warning|assert");
          case "Network.requestWillBeSent" -> !url.startsWith("file:") && !url.startsWith("data:");
          default -> false;
        };
    if (complaint) {
      complaints.add(event.path("params").toString());
    }
  }

  private JsonNode call(String method, ObjectNode parameters) {
    int id = ++lastId;
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", parameters);
    if (!session.isEmpty()) {
      message.put("sessionId", session);
    }
    socket.sendText(message.toString(), true).join();
    try {
      while (true) {
        JsonNode answer = arrived.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (answer == null) {
          throw new AssertionError("no answer to " + method);
        }
        if (answer.path("id").asInt() != id) {
          note(answer);
        } else if (answer.has("error")) {
          throw new AssertionError(method + ": " + answer.get("error"));
        } else {
          return answer.get("result");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    socket.abort();
    process.destroy();
    process
        .onExit()
        .orTimeout(10, TimeUnit.SECONDS)
        .exceptionally(late -> process.destroyForcibly())
        .join();
  }

  /** Puts the parts of each message together. */
  private static final class Messages implements WebSocket.Listener {
    private final BlockingQueue<JsonNode> arrived;
    private final StringBuilder text = new StringBuilder();

    Messages(BlockingQueue<JsonNode> arrived) {
      this.arrived = arrived;
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        try {
          arrived.add(JSON.readTree(text.toString()));
        } catch (IOException e) {
          throw new AssertionError(e);
        }
        text.setLength(0);
      }
      webSocket.request(1);
      return null;
    }
  }
}
