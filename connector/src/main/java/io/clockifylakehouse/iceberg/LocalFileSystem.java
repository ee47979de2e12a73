// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Hadoop's local file system, without three of its habits. Without its native library it starts
 * {@code chmod} for each directory that it makes: slow everywhere, and impossible in an image that
 * holds no such program. For a full disk it throws an {@code Error}: that is an {@link IOException}
 * here, as everywhere else. A rename that the system refuses it does by copying, which can leave
 * half of a table's metadata under the name that commits it: here a rename is whole or fails with
 * the reason. Made by Hadoop, by reflection.
 *
 * <p>Safe for use by several threads.
 */
public final class LocalFileSystem extends RawLocalFileSystem {
  @Override
  public void setPermission(Path path, FsPermission permission) throws IOException {
    String letters =
        permission.getUserAction().SYMBOL
            + permission.getGroupAction().SYMBOL
            + permission.getOtherAction().SYMBOL;
    Files.setPosixFilePermissions(
        pathToFile(path).toPath(), PosixFilePermissions.fromString(letters));
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    Files.move(pathToFile(from).toPath(), pathToFile(to).toPath(), StandardCopyOption.ATOMIC_MOVE);
    return true;
  }

  @Override
  protected OutputStream createOutputStream(Path file, boolean append) throws IOException {
    return new Output(super.createOutputStream(file, append));
  }

  @Override
  protected OutputStream createOutputStreamWithMode(
      Path file, boolean append, FsPermission permission) throws IOException {
    return new Output(super.createOutputStreamWithMode(file, append, permission));
  }

  /** Not safe for use by several threads. */
  private static final class Output extends FilterOutputStream {
    Output(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        out.write(bytes, offset, length);
      } catch (FSError e) {
        throw e.getCause() instanceof IOException cause ? cause : new IOException(e);
      }
    }
  }
}
