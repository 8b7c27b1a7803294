// Builds the empty Go program, which pages are measured beside.

import { execFileSync } from 'node:child_process';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './gobench.mjs';

/** The folder of what the benchmark builds. */
export const work = join(root, 'build/bench');

/** Builds the empty program like Pushcall's, without what rewrites that. */
export async function buildEmpty() {
  await mkdir(work, { recursive: true });
  execFileSync('go', ['build', '-trimpath', '-ldflags=-s -w', '-o', join(work, 'empty.wasm'), './empty'],
    { cwd: join(root, 'bench'), env: { ...process.env, GOOS: 'js', GOARCH: 'wasm' } });
  await copyFile(join(execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim(), 'lib/wasm/wasm_exec.js'), join(work, 'wasm_exec.js'));
}
