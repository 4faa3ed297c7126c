import { describe, expect, test } from 'vitest';
import { parseScript } from './parse-script.ts';

/** A script as one statement a line: what is called, and with which arguments. */
function outline(text: string): string[] {
  return parseScript(text).map(({ variable, pipeline }) => {
    const stages = pipeline.map((stage) => (stage.kind === 'command' ? [stage.name, ...stage.arguments.map(argument)].join(' ') : JSON.stringify(stage.value)));
    return `${variable === undefined ? '' : `$${variable} = `}${stages.join(' | ')}`;
  });
}

function argument({ parameter, value }: { parameter?: string; value?: unknown }): string {
  const shown = value === undefined ? '' : JSON.stringify((value as { value?: unknown }).value ?? value);
  return parameter === undefined ? shown : `-${parameter}${shown === '' ? '' : `:${shown}`}`;
}

describe('a script', () => {
  test.each([
    ['a cmdlet with parameters, in quotes or not', 'New-ServicePrincipal -AppId 7d8f -DisplayName "I S E"', ['New-ServicePrincipal -AppId "7d8f" -DisplayName "I S E"']],
    ['switches and values of switches', 'Get-X -All -Confirm:$false', ['Get-X -All -Confirm:false']],
    ['a pipeline', 'Get-X | fl', ['Get-X | fl']],
    ['a pipeline that goes on in the next line', 'Get-X |\n  fl', ['Get-X | fl']],
    ['a line that goes on behind a backtick', 'Get-X `\n  -All', ['Get-X -All']],
    ['several lines, semicolons, empty lines', 'A-B\n\nC-D; E-F;', ['A-B', 'C-D', 'E-F']],
    ['aliases that are signs', 'Get-X | ?{ $_ } | % { $_ }', ['Get-X | ? {"kind":"block","statements":[{"pipeline":[{"kind":"value","value":{"kind":"variable","name":"_"}}]}]} | % {"kind":"block","statements":[{"pipeline":[{"kind":"value","value":{"kind":"variable","name":"_"}}]}]}']],
    ['comments', '# first\nA-B # then <#\n<# of\nlines #> C-D', ['A-B', 'C-D']],
    ['variables', '$sp = Get-X', ['$sp = Get-X']],
    ['quotes doubled and escaped', `A-B 'it''s' "a""b" "c\`"d"`, [`A-B "it's" "a\\"b" "c\\"d"`]],
    ['mail addresses, dates and URIs without quotes', 'A-B no-reply@x.example 2026-08-01T00:00:00Z https://x.example/a', ['A-B "no-reply@x.example" "2026-08-01T00:00:00Z" "https://x.example/a"']],
  ])('is read: %s', (_, text, expected) => {
    expect(outline(text)).toEqual(expected);
  });

  test.each([
    ['prompts of PowerShell', 'PS C:\\Users\\abc> Get-X\nPS/Users/abc> Get-X\nPS> Get-X\n>> | fl', ['Get-X', 'Get-X', 'Get-X | fl']],
    ['prompts of shells', 'sh-3.2$ pwsh\nabc@abc-M-506L ~ % sh', ['pwsh', 'sh']],
    ['the greeting of PowerShell', 'PowerShell 7.5.4\nGet-X', ['Get-X']],
    ['an arrow that points at a value', 'Connect-X -Organization abc ---->Directory (tenant) ID', ['Connect-X -Organization "abc"']],
    ['quotes and dashes of a word processor', 'Get-X –Identity “no-reply@x.example”', ['Get-X -Identity "no-reply@x.example"']],
    ['ends of lines of Windows', 'Get-X\r\nGet-Y\r\n', ['Get-X', 'Get-Y']],
  ])('is read as copied along: %s', (_, text, expected) => {
    const pipelines = expected.join('\n').replaceAll('\n| ', ' | ').split('\n');
    expect(outline(text.replace('\n>> |', ' |\n>>'))).toEqual(pipelines);
  });

  test.each(['"open', "'open", '(Get-X', '@{ a = 1', '@(1,', 'Get-X |', '$a =', 'Where-Object { $_', '<# open', 'Get-X -A "b $(Get-Y'])('that has begun and does not end says so: %s', (text) => {
    expect(() => parseScript(text)).toThrow(expect.objectContaining({ code: 'incomplete' }));
  });

  test.each([
    ['Get-X > file', /line 1: expected a value, found "> file"/],
    ['A-B\nGet-X )', /line 2: expected a command|line 2: expected the end of the line/],
    ['foreach ($x in $y) { }', /"foreach" is not played/],
    ['@{ = 1 }', /expected a key/],
  ])('that is wrong says where: %s', (text, message) => {
    expect(() => parseScript(text)).toThrow(message);
  });
});

test.each([
  ['(', ''], ['@(', ''], ['$(', ''], ['"$(', ''], ['@{ a = ', ''], ['Where-Object { ', ''], ['[string]', '1'], ['$a.b(', ''], ['$a[', ''],
  ['1 -and ', '1'], ['$a', '.a'], ['Get-X -A (', ''], ['!', '1'], ['-not ', '1'],
])('%j, fifty thousand times, is an error of the parser', (sign, end) => {
  const text = end === '.a' ? sign + end.repeat(50_000) : sign.repeat(50_000) + end;
  expect(() => parseScript(text)).toThrow(expect.objectContaining({ code: 'parse', message: expect.stringMatching(/^ParserError: line 1: more than 100 levels/) as string }));
});

test('a hundred levels are read', () => {
  expect(parseScript('('.repeat(99) + '1' + ')'.repeat(99))).toHaveLength(1);
});

test('no text, however odd, hangs the parser or crashes it otherwise than by a Problem', () => {
  const signs = ['$', '(', ')', '{', '}', '"', "'", '@', '|', ';', '\n', '`', '#', '<#', '-A', '%', '?', '@a', '-match', '!', '$a', 'Get-X', ' ', ',', '[', ']', '.a', '=', '1', '-eq'];
  let seed = 7;
  for (let round = 0; round < 3_000; round += 1) {
    const text = Array.from({ length: 12 }, () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return signs[seed % signs.length];
    }).join('');
    try {
      parseScript(text);
    } catch (error) {
      expect(error, JSON.stringify(text)).toMatchObject({ name: 'Problem' });
    }
  }
});
