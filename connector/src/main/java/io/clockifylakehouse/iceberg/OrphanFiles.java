// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.ManifestContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.ReachableFileUtil;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;

/**
 * The files below a table's location that nothing in the table refers to: what a killed run leaves.
 *
 * <p>A file counts as referenced when anything of any snapshot, tag, or metadata file in the log
 * names its path, whatever the scheme and authority in front. Metadata files are never orphans, but
 * for those that a Hadoop catalog had not renamed yet; hidden files ({@code .name, _name}) never
 * are. When a file that the table refers to is not among those listed, the listing shows another
 * place than the metadata speaks of, or the table is damaged: then there are no orphans.
 *
 * <p>Immutable, thus safe for use by several threads. Memory: the paths of the table's files.
 */
record OrphanFiles(List<FileInfo> files, long unlisted) {
  /** What a Hadoop catalog renames to a version, and leaves behind when it is killed before. */
  private static final Pattern UNNAMED_METADATA =
      Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.metadata\\.json(\\.gz)?");

  private static final Pattern METADATA = Pattern.compile(".*\\.metadata\\.json(\\.gz)?");

  /**
   * Lists the files first, and reads the table afterwards: what is committed in between is
   * referenced then.
   *
   * @param before only files that were created before
   */
  static OrphanFiles of(Table table, SupportsPrefixOperations io, Instant before) {
    String root = table.location().replaceAll("/+$", "") + "/";
    List<FileInfo> listed = new ArrayList<>();
    // Without the slash, another table whose name begins alike would be listed too.
    io.listPrefix(root).forEach(listed::add);
    table.refresh();
    Set<String> referenced = referenced(table);
    Set<String> unlisted = new HashSet<>(referenced);
    unlisted.removeIf(path -> !path.startsWith(path(root)));
    List<FileInfo> orphans = new ArrayList<>();
    for (FileInfo file : listed) {
      String path = path(file.location());
      unlisted.remove(path);
      boolean old = file.createdAtMillis() < before.toEpochMilli();
      if (old && path.startsWith(path(root)) && !referenced.contains(path) && mayGo(path, root)) {
        orphans.add(file);
      }
    }
    return new OrphanFiles(unlisted.isEmpty() ? orphans : List.of(), unlisted.size());
  }

  private static boolean mayGo(String path, String root) {
    for (String part : path.substring(path(root).length()).split("/")) {
      if (part.startsWith(".") || part.startsWith("_")) {
        return false;
      }
    }
    String name = path.substring(path.lastIndexOf('/') + 1);
    return !name.equals("version-hint.text")
        && (!METADATA.matcher(name).matches() || UNNAMED_METADATA.matcher(name).matches());
  }

  /** The paths of everything that the table refers to, but for old metadata files. */
  private static Set<String> referenced(Table table) {
    Set<String> paths = new HashSet<>();
    Set<String> manifests = new HashSet<>();
    for (Snapshot snapshot : table.snapshots()) {
      if (snapshot.manifestListLocation() != null) {
        paths.add(path(snapshot.manifestListLocation()));
      }
      for (ManifestFile manifest : snapshot.allManifests(table.io())) {
        if (manifests.add(manifest.path())) {
          paths.add(path(manifest.path()));
          contents(table, manifest).forEach(file -> paths.add(path(file)));
        }
      }
    }
    ReachableFileUtil.statisticsFilesLocations(table).forEach(file -> paths.add(path(file)));
    return paths;
  }

  private static List<String> contents(Table table, ManifestFile manifest) {
    List<String> locations = new ArrayList<>();
    try (ManifestReader<? extends ContentFile<?>> files =
        manifest.content() == ManifestContent.DATA
            ? ManifestFiles.read(manifest, table.io(), table.specs())
            : ManifestFiles.readDeleteManifest(manifest, table.io(), table.specs())) {
      for (ContentFile<?> file : files) {
        locations.add(file.location());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return locations;
  }

  /** A location without its scheme and authority, as it is spelled. */
  private static String path(String location) {
    int scheme = location.indexOf(":/");
    if (scheme < 0) {
      return location;
    }
    String rest = location.substring(scheme + 1);
    if (!rest.startsWith("//")) {
      return rest;
    }
    int slash = rest.indexOf('/', 2);
    return slash < 0 ? "" : rest.substring(slash);
  }

  long bytes() {
    return files.stream().mapToLong(FileInfo::size).sum();
  }
}
