/// What a person types: `broadcast`, `read`, `tail`, `members`, `status`, `leave` and `evict`, on
/// [dev.rumor.client.RumorClient] alone.
///
/// The commands are composed into `rumor` by the daemon's `Main`, which puts its own beside them and lets
/// [dev.rumor.client.cli.Face] give all of them the same manners:
///
/// ```java
/// Stdio stdio = Stdio.system();
/// CommandLine rumor = new CommandLine(new Main());
/// ClientCommands.of(stdio).forEach(rumor::addSubcommand);
/// System.exit(Face.dress(rumor, stdio).execute(arguments));
/// ```
package dev.rumor.client.cli;
