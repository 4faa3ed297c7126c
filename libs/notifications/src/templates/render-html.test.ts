import { expect, test } from 'vitest';
import { fieldList, paragraph } from './content.ts';
import { renderHtml } from './render-html.ts';

test('every paragraph and field has its element, and every character of HTML is escaped', () => {
  const html = renderHtml([paragraph(`Hello <b>&"Ana"</b>,`), fieldList(['Username', `o'<script>`], ['Reason for visit', ''])]);

  expect(html).toContain('<p dir="auto">Hello &lt;b&gt;&amp;&quot;Ana&quot;&lt;/b&gt;,</p>');
  expect(html).toContain('<th align="left">Username:</th><td dir="auto" style="white-space: pre-wrap">o&#39;&lt;script&gt;</td>');
  expect(html).toContain('<th align="left">Reason for visit:</th><td dir="auto" style="white-space: pre-wrap"></td>');
});
