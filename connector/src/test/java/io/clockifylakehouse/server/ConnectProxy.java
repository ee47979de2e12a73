// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A proxy as companies have them: it opens tunnels with {@code CONNECT}, to one server whatever
 * name is asked for, and wants a password or not.
 */
public final class ConnectProxy implements AutoCloseable {
  private final ServerSocket listening;
  private final int target;
  private final Optional<String> authorization;
  private final List<String> heads = new CopyOnWriteArrayList<>();

  private ConnectProxy(ServerSocket listening, int target, Optional<String> authorization) {
    this.listening = listening;
    this.target = target;
    this.authorization = authorization;
  }

  /**
   * @param target port on loopback where every tunnel ends
   * @param authorization the header value without which nobody passes
   */
  public static ConnectProxy start(int target, Optional<String> authorization) throws IOException {
    ConnectProxy proxy =
        new ConnectProxy(
            new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target, authorization);
    proxy.inBackground(proxy::accept);
    return proxy;
  }

  public int port() {
    return listening.getLocalPort();
  }

  /** Request line and headers of each request that came. */
  public List<String> heads() {
    return heads;
  }

  private interface Work {
    void run() throws IOException;
  }

  private void inBackground(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // one side has closed
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = listening.accept();
      inBackground(() -> serve(client));
    }
  }

  private void serve(Socket client) throws IOException {
    try (client) {
      String head = head(client.getInputStream());
      heads.add(head);
      boolean admitted =
          authorization
              .map(value -> head.contains("Proxy-Authorization: " + value + "\r\n"))
              .orElse(true);
      if (!head.startsWith("CONNECT ") || !admitted) {
        say(
            client,
            "407 " + head.replaceAll("\\s+", " ") + "\r\nProxy-Authenticate: Basic realm=x");
        return;
      }
      try (Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
        say(client, "200 Connection established");
        inBackground(() -> server.getInputStream().transferTo(client.getOutputStream()));
        client.getInputStream().transferTo(server.getOutputStream());
      }
    }
  }

  private static void say(Socket client, String status) throws IOException {
    OutputStream out = client.getOutputStream();
    out.write(("HTTP/1.1 " + status + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    String end = "\r\n\r\n";
    int next = in.read();
    while (next >= 0) {
      head.write(next);
      if (head.toString(StandardCharsets.US_ASCII).endsWith(end)) {
        break;
      }
      next = in.read();
    }
    return head.toString(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
