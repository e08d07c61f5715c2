/**
 * The one entry of every npm script. Runs on whatever Node the machine has (20 or newer), makes sure that
 * what the lock file asks for is installed and the front ends are built, then hands over to the Node 24
 * that is installed with the dependencies.
 */
const oldestMajor = 20;
if (Number(process.versions.node.split('.')[0]) < oldestMajor) {
  process.stderr.write(
    `Deskbell needs Node ${oldestMajor} or newer; this is Node ${process.versions.node}.\n` +
      'Install a newer Node (https://nodejs.org) and run the same command again.\n',
  );
  process.exit(1);
}

const { runCommand } = await import('./run/commands.mjs');
await runCommand(process.argv[2] ?? '', process.argv.slice(3));
