import process from 'node:process';

const oldest = [20, 19] as const;
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  process.stderr.write(`The demo needs Node ${oldest.join('.')} or newer; this is ${process.versions.node}.\n`);
  process.exit(1);
}

// Not imported above: what an old Node can't load would be its message, and not ours.
const { runDemo } = await import('./config/run.js');
await runDemo();
