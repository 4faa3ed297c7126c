// Run by "npm pack" in a project's folder: adds the licence, and refuses to make a package of what has not been built.
import { copyFileSync, existsSync, readFileSync } from 'node:fs';

const { name, bin = {}, bundle = [], exports = {} } = JSON.parse(readFileSync('package.json', 'utf8'));
const exported = Object.values(exports).flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target)));
const bundled = bundle.map((entry) => entry.replace(/^src\//, './bundle/').replace(/\.ts$/, '.js'));
const missing = [...new Set([...exported, ...bundled, ...Object.values(bin)])].filter((file) => !file.includes('*') && !existsSync(file));

if (missing.length > 0) {
  console.error(`error: ${name} is not built: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing\n  Build first, in the root of the repository: npm run build`);
  process.exit(1);
}
copyFileSync('../../LICENSE', 'LICENSE');
