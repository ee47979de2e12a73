// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import io.clockifylakehouse.config.Redaction;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.http.JdkTransport;
import io.clockifylakehouse.iceberg.IcebergDestination;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: the entry point of the process, and the list of its commands. */
@Command(
    name = ClockifyLakehouse.NAME,
    description = {
      "Syncs everything one Clockify key can read into Apache Iceberg tables,",
      "and keeps them exact."
    },
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions, before or after the command:%n",
    synopsisHeading = "Usage: ",
    customSynopsis = ClockifyLakehouse.NAME + " COMMAND [options]",
    versionProvider = ClockifyLakehouse.Version.class,
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  ./clockify-lakehouse demo                 without an account",
      "  export CLOCKIFY_API_KEY=...               Preferences > Advanced in Clockify",
      "  ./clockify-lakehouse check",
      "  ./clockify-lakehouse sync --stream projects --stream 'time_*'",
      "  ./clockify-lakehouse backfill --from 2019-01-01",
      "",
      "Exit codes:",
      "   0  done, or nothing new              75  try again later: network, limits,",
      "   1  a defect, something unforeseen        a lock, a signal",
      "   2  wrong usage                       77  not allowed: the key is refused",
      "   3  finished, something left out      78  configuration"
    },
    subcommands = {
      BackfillCommand.class,
      BrowseCommand.class,
      CheckCommand.class,
      CompletionCommand.class,
      ConnectionsCommand.class,
      DemoCommand.class,
      DiscoverCommand.class,
      HelpCommand.class,
      MaintainCommand.class,
      PlanCommand.class,
      ReportCommand.class,
      SpecCommand.class,
      StatusCommand.class,
      SyncCommand.class,
      VerifyCommand.class
    })
public final class ClockifyLakehouse {
  static final String NAME = "clockify-lakehouse";

  @Mixin private final CommonOptions options = new CommonOptions();

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    Termination termination = new Termination();
    Thread hook = endBySignal(termination);
    // Out of memory on a worker, for one: the others would wait for it for ever.
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> {
          System.err.println(
              Display.clean("unforeseen " + failure + " on thread " + thread.getName()));
          termination.defect("unforeseen " + failure);
          Runtime.getRuntime().halt(ErrorCode.DEFECT.exitCode());
        });
    int exitCode = run(Surroundings.ofProcess(), termination, arguments);
    termination.finish(exitCode);
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
      JdkTransport.end();
    } catch (IllegalStateException e) {
      // A signal came first: the hook waits for this very exit code, and ends the process.
    }
    System.exit(exitCode);
  }

  /**
   * Makes a signal stop the command in its own time, and a second one end the process.
   *
   * @return the shutdown hook, to be removed by who ends the process without a signal
   */
  static Thread endBySignal(Termination termination) {
    Thread hook =
        new Thread(
            () -> Runtime.getRuntime().halt(termination.terminate("stopped by a signal")),
            "termination");
    Runtime.getRuntime().addShutdownHook(hook);
    int exitCode = ErrorCode.INTERRUPTED.exitCode();
    Signals.handle(() -> System.exit(exitCode), () -> Runtime.getRuntime().halt(exitCode));
    return hook;
  }

  /** Runs one command line; what a test calls. */
  static int run(Surroundings surroundings, Termination termination, String... arguments) {
    PrintWriter out = new PrintWriter(surroundings.out(), true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(surroundings.err(), true, StandardCharsets.UTF_8);
    ClockifyLakehouse top = new ClockifyLakehouse();
    Redaction redaction = Redaction.of(surroundings.environment(), arguments);
    CommandLine line = new CommandLine(top);
    line.setOut(out);
    line.setErr(err);
    line.setUsageHelpWidth(Display.WIDTH);
    CommonOptions.registerWords(line);
    line.getSubcommands()
        .values()
        .forEach(command -> command.getCommandSpec().versionProvider(new Version()));
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(
            surroundings.colourful() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
    line.setParameterExceptionHandler((e, rejected) -> rejectUsage(e, redaction));
    line.setExecutionStrategy(
        parsed ->
            execute(parsed, new Invocation(surroundings, termination, top.options, redaction)));
    return line.execute(arguments);
  }

  private static int execute(ParseResult parsed, Invocation invocation) {
    Integer help = CommandLine.executeHelpRequest(parsed);
    if (help != null) {
      return help;
    }
    List<CommandLine> commands = parsed.asCommandLineList();
    CommandLine last = commands.get(commands.size() - 1);
    Object command = last.getCommand();
    if (!(command instanceof Action action)) {
      last.usage(last.getErr());
      return ErrorCode.USAGE.exitCode();
    }
    return invocation.run(last.getCommandName(), action);
  }

  private static int rejectUsage(ParameterException e, Redaction redaction) {
    PrintWriter err = e.getCommandLine().getErr();
    String message = e.getMessage().lines().findFirst().orElse("wrong usage");
    err.println(redaction.mask(Display.clean(message)) + suggestions(e));
    err.println("Help: " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
    return ErrorCode.USAGE.exitCode();
  }

  private static String suggestions(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()) {
      return "; did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?";
    }
    return "";
  }

  /** Of the connector and of Iceberg, from the jar, and of the Java that runs them. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        NAME + " " + number() + build(),
        "Apache Iceberg " + IcebergDestination.icebergVersion(),
        "Java " + Runtime.version()
      };
    }

    static String number() {
      String version = ClockifyLakehouse.class.getPackage().getImplementationVersion();
      return version == null ? "(not packaged)" : version;
    }

    /** The commit that the jar was built from, where the build could tell. */
    private static String build() {
      URL self = ClockifyLakehouse.class.getResource("ClockifyLakehouse.class");
      try {
        if (self != null && self.openConnection() instanceof JarURLConnection jar) {
          String commit = jar.getMainAttributes().getValue("Build-Commit");
          return commit == null || commit.isBlank() || commit.startsWith("$")
              ? ""
              : " (build " + commit + ")";
        }
      } catch (IOException e) {
        // falls through: a version is no reason to fail
      }
      return "";
    }
  }
}
