// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.config;

import io.clockifylakehouse.error.ConnectorException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A small text file that a person wrote: UTF-8, with or without a byte order mark, at most {@link
 * #MAX_BYTES}. A pipe that the shell opened, such as {@code /dev/stdin} or {@code <(command)}, will
 * do; any other one could keep the process waiting for ever. Stateless.
 */
final class TextFile {
  static final int MAX_BYTES = 1 << 20;

  private static final Path DEVICES = Path.of("/dev");
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private TextFile() {}

  /**
   * @param name of the file in messages
   * @param whenMissing the way out when there is none
   * @throws ConnectorException of code CONFIGURATION; the message has nothing of the content
   */
  static String read(String name, Path path, String whenMissing) {
    try {
      if (Files.isDirectory(path)) {
        throw fault(name, "is a directory; name the file in it");
      }
      if (Files.exists(path) && !Files.isRegularFile(path) && !isOfShell(path)) {
        throw fault(name, "is a pipe or a device; copy it into a file, or use /dev/stdin");
      }
      byte[] bytes;
      try (InputStream in = Files.newInputStream(path)) {
        bytes = in.readNBytes(MAX_BYTES + 1);
      }
      if (bytes.length > MAX_BYTES) {
        throw fault(name, "has more than 1 MiB; is it the right file?");
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (NoSuchFileException e) {
      throw fault(name, whenMissing);
    } catch (AccessDeniedException e) {
      throw fault(name, "may not be read by this user; correct its permissions");
    } catch (CharacterCodingException e) {
      throw fault(name, "is no text in UTF-8; save it as such (Windows: not as \"Unicode\")");
    } catch (IOException e) {
      throw fault(name, "cannot be read: " + e.getClass().getSimpleName());
    }
  }

  private static boolean isOfShell(Path path) {
    return path.toAbsolutePath().normalize().startsWith(DEVICES);
  }

  private static ConnectorException fault(String name, String reason) {
    return ConnectorException.configuration(name + ": " + reason);
  }
}
