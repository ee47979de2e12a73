// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A TCP proxy on loopback that loses replies: it passes a request on, waits until the server
 * answers, and breaks the connection instead of passing the answer back. The server has done what
 * it was asked, and the client cannot know.
 */
public final class CuttingProxy implements AutoCloseable {
  private final ServerSocket socket;
  private final int target;
  private final Function<String, Optional<String>> victim;
  private final Set<String> cut = ConcurrentHashMap.newKeySet();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger armed = new AtomicInteger();

  /**
   * @param target port of the server
   * @param victim names the request in a chunk of bytes from the client, when its reply is to be
   *     lost; each name once
   */
  public CuttingProxy(int target, Function<String, Optional<String>> victim) {
    this.target = target;
    this.victim = victim;
    try {
      this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    daemon(this::accept);
  }

  public int port() {
    return socket.getLocalPort();
  }

  /** From now on, replies are lost. */
  public void arm() {
    armed.set(1);
  }

  /** The names of the requests whose replies were lost. */
  public Set<String> cut() {
    return Set.copyOf(cut);
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        open.add(client);
        open.add(server);
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        AtomicInteger doomed = new AtomicInteger();
        daemon(() -> requests(client, server, doomed));
        daemon(() -> replies(client, server, doomed));
      } catch (IOException e) {
        // Closed, or the server is away: the client sees a broken connection.
      }
    }
  }

  private void requests(Socket client, Socket server, AtomicInteger doomed) {
    pump(
        client,
        server,
        chunk -> {
          if (armed.get() == 1) {
            victim.apply(chunk).filter(cut::add).ifPresent(name -> doomed.set(1));
          }
          return true;
        });
  }

  private void replies(Socket client, Socket server, AtomicInteger doomed) {
    pump(server, client, chunk -> doomed.get() == 0);
  }

  private void pump(Socket from, Socket to, Function<String, Boolean> passes) {
    byte[] buffer = new byte[1 << 16];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
        if (!passes.apply(new String(buffer, 0, read, StandardCharsets.ISO_8859_1))) {
          return;
        }
        out.write(buffer, 0, read);
      }
    } catch (IOException e) {
      // One of the two has gone; both are closed.
    }
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "cutting-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      socket.close();
      for (Socket each : open) {
        each.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
