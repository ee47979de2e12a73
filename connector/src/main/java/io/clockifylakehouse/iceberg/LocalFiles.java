// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Hadoop's local files, without checksums beside them, and without its habit of throwing an {@code
 * Error} for a full disk: that is an {@link IOException} here, as everywhere else.
 *
 * <p>Made by Hadoop, by its name. Safe for use by several threads.
 */
final class LocalFiles extends RawLocalFileSystem {

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
