// `PS C:\> `, `PS/Users/abc> `, `sh-3.2$ `, `abc@laptop ~ % ` and the prompt of a line that goes on.
const prompts = /^[ \t]*(?:\[?PS(?:[ \t]*[^>\n|;]*)>|>>|sh-[\d.]+[$%]|[\w.-]+@[\w.-]+[^%$\n|]*[%$])[ \t]?/;

/** Lines of a page or terminal that were copied along: what PowerShell says when it starts. */
const greetings = /^PowerShell \d+(\.\d+)+[ \t]*$/;

/**
 * A script as PowerShell would take it: without the prompts that were copied along and the arrow by which a guide points at
 * a value, with quotes and dashes that a word processor made straight again (PowerShell takes those as well).
 */
export function withoutPastedParts(text: string): string {
  return text
    .replace(/^\uFEFF/, '')
    .replace(/[“”„]/g, '"')
    .replace(/[‘’‚]/g, "'")
    .replace(/(^|\s)[–—―](?=[A-Za-z])/gm, '$1-')
    .split('\n')
    .map((line) => line.replace(/\r$/, '').replace(prompts, '').replace(/[ \t]+-{2,}>.*$/, ''))
    .filter((line) => !greetings.test(line))
    .join('\n');
}
