// SPDX-License-Identifier: Apache-2.0
// The page of a report: filters and adds up the groups of entries that PageData wrote, and shows
// them. Amounts are kept as minor units × seconds and divided once, as Money.java does.
'use strict';
(() => {
  const D = JSON.parse(document.getElementById('data').textContent);
  const DAY = 86400000;
  const KINDS = ['Work', 'Break', 'Holiday', 'Time off', 'Other'];
  const ROWS = 10;
  const BARS = 10;
  const WORD = { APPROVED: 'good', PENDING: 'warn', REJECTED: 'bad', PAID: 'good', OVERDUE: 'bad' };

  // ---- days, counted from 1970-01-01

  const iso = (day) => new Date(day * DAY).toISOString().slice(0, 10);
  const parts = (day) => { const d = new Date(day * DAY); return [d.getUTCFullYear(), d.getUTCMonth()]; };
  const first = (year, month) => Math.round(Date.UTC(year, month, 1) / DAY);
  const monthOf = (day) => first(...parts(day));
  const weekOf = (day) => day - ((((day + 3) % 7) + 7 - (D.weekStart - 1)) % 7);
  const show = (day, options) =>
    new Date(day * DAY).toLocaleDateString('en-GB', { timeZone: 'UTC', ...options });
  const full = (day) => show(day, { day: 'numeric', month: 'short', year: 'numeric' });

  // ---- words and numbers

  const count = (n) => n.toLocaleString('en-GB');
  const pad = (n) => String(n).padStart(2, '0');
  const hm = (s) => {
    const minutes = Math.round(Math.abs(s) / 60);
    return (s < 0 ? '−' : '') + count(Math.floor(minutes / 60)) + ':' + pad(minutes % 60);
  };
  const hms = (s) => count(Math.floor(s / 3600)) + ':' + pad(Math.floor(s / 60) % 60) + ':' + pad(s % 60);
  const percent = (part, whole) =>
    whole <= 0 ? '–' : part > 0 && part * 200 < whole ? '< 1 %' : Math.round((100 * part) / whole) + ' %';
  const minor = (rateSeconds) => Math.floor((2 * rateSeconds + 3600) / 7200);
  const money = (amount, currency) => {
    const digits = D.digits[currency] ?? 2;
    const text = (amount / 10 ** digits).toLocaleString('en-GB', {
      minimumFractionDigits: digits, maximumFractionDigits: digits });
    return text + '\u00a0' + currency;
  };
  const sentence = (word) => (word ? word[0] + word.slice(1).toLowerCase().replaceAll('_', ' ') : '–');

  // ---- elements: text only, so that no name can be markup

  const $ = (id) => document.getElementById(id);
  const el = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === 'on') Object.entries(value).forEach(([event, act]) => element.addEventListener(event, act));
      else if (name === 'width' || name === 'height') element.style[name] = value;
      else if (value !== null && value !== undefined) element.setAttribute(name, value);
    }
    element.append(...children.flat().filter((child) => child !== null && child !== undefined));
    return element;
  };
  const option = (value, text) => el('option', { value }, text);
  const badge = (text, kind) => el('span', { class: 'tag ' + (kind || '') }, text);
  const bar = (share, kind) =>
    el('div', { class: 'bar', 'aria-hidden': 'true' },
      el('i', { class: kind || '', width: Math.min(100, Math.max(0, 100 * share)) + '%' }));

  // ---- the groups of entries

  const C = D.cells;
  const cells = C.day.length;
  for (let i = 1; i < cells; i++) C.day[i] += C.day[i - 1];
  const bounds = { from: D.from ?? (cells ? C.day[0] : D.today), to: D.to };
  if (bounds.to === null) {
    const last = cells ? C.day[cells - 1] : D.today;
    bounds.to = last < D.daysFrom ? first(parts(last)[0], parts(last)[1] + 1) : last + 1;
  }
  const workspaceOf = (project) => D.projects[project][0];

  const newTally = () => ({ seconds: 0, billable: 0, unrated: 0, entries: 0, earned: {}, cost: {} });
  const addCell = (tally, i) => {
    const seconds = C.seconds[i];
    const [hourly, currency, cost, costCurrency] = D.rates[C.rate[i]];
    tally.seconds += seconds;
    tally.entries += C.entries[i];
    if (C.billable[i]) {
      tally.billable += seconds;
      if (hourly === null) tally.unrated += seconds;
      else tally.earned[currency] = (tally.earned[currency] || 0) + hourly * seconds;
    }
    if (cost !== null) tally.cost[costCurrency] = (tally.cost[costCurrency] || 0) + cost * seconds;
  };
  const tallyIn = (map, key, i) => {
    let tally = map.get(key);
    if (!tally) map.set(key, (tally = newTally()));
    addCell(tally, i);
  };

  // ---- what is looked at

  const PRESETS = [
    ['this-week', 'This week'], ['last-week', 'Last week'],
    ['this-month', 'This month'], ['last-month', 'Last month'],
    ['this-quarter', 'This quarter'], ['last-quarter', 'Last quarter'],
    ['this-year', 'This year'], ['last-year', 'Last year'],
    ['all', 'Whole report'], ['custom', 'Custom'],
  ];
  const state = { preset: 'this-month', from: 0, to: 0, filter: {}, sorts: {}, searches: {}, open: {} };

  const spanOf = (preset) => {
    const [year, month] = parts(D.today);
    const quarter = month - (month % 3);
    switch (preset) {
      case 'this-week': return [weekOf(D.today), weekOf(D.today) + 7];
      case 'last-week': return [weekOf(D.today) - 7, weekOf(D.today)];
      case 'this-month': return [first(year, month), first(year, month + 1)];
      case 'last-month': return [first(year, month - 1), first(year, month)];
      case 'this-quarter': return [first(year, quarter), first(year, quarter + 3)];
      case 'last-quarter': return [first(year, quarter - 3), first(year, quarter)];
      case 'this-year': return [first(year, 0), first(year + 1, 0)];
      case 'last-year': return [first(year - 1, 0), first(year, 0)];
      default: return [bounds.from, bounds.to];
    }
  };

  /** Where only months or years are known, a period is made of whole ones. */
  const whole = (from, to) => {
    const widen = (day, up) => {
      if (D.daysFrom === null || day >= D.daysFrom) return day;
      const [year, month] = parts(day);
      const yearly = D.monthsFrom !== null && day < D.monthsFrom;
      const start = yearly ? first(year, 0) : first(year, month);
      return up && start < day ? (yearly ? first(year + 1, 0) : first(year, month + 1)) : start;
    };
    return [widen(from, false), widen(to, true)];
  };

  const setPeriod = (preset, from, to) => {
    const [start, end] = preset === 'custom' ? [from, to] : spanOf(preset);
    Object.assign(state, { preset }, Object.fromEntries([['from', start], ['to', end]]));
    [state.from, state.to] = whole(start, end);
    state.widened = state.from !== start || state.to !== end;
  };

  /** The same kind of period before or after. */
  const step = (direction) => {
    const [year, month] = parts(state.from);
    const [toYear, toMonth] = parts(state.to);
    const aligned = state.from === first(year, month) && state.to === first(toYear, toMonth);
    const months = (toYear - year) * 12 + toMonth - month;
    const days = state.to - state.from;
    return aligned
      ? [first(year, month + direction * months), first(toYear, toMonth + direction * months)]
      : [state.from + direction * days, state.to + direction * days];
  };

  const passes = (filter, project, person) =>
    (filter.workspace === undefined || workspaceOf(project) === filter.workspace) &&
    (filter.project === undefined || project === filter.project) &&
    (filter.client === undefined || D.projects[project][1] === filter.client) &&
    (filter.person === undefined || person === undefined || person === filter.person);

  const bucketing = () => {
    const days = state.to - state.from;
    const coarse = D.daysFrom !== null && state.from < D.daysFrom;
    if (days <= 62 && !coarse) return { of: (day) => day, next: (day) => day + 1, name: 'day',
      label: (day) => show(day, { weekday: 'short', day: 'numeric', month: 'short' }) };
    if (days <= 400 && !coarse) return { of: weekOf, next: (day) => day + 7, name: 'week',
      label: (day) => 'week of ' + show(day, { day: 'numeric', month: 'short', year: '2-digit' }) };
    return { of: monthOf, next: (day) => first(parts(day)[0], parts(day)[1] + 1), name: 'month',
      label: (day) => show(day, { month: 'short', year: 'numeric' }) };
  };

  const addUp = () => {
    const f = state.filter;
    const sums = { total: newTally(), kinds: [0, 0, 0, 0, 0], before: newTally(), time: new Map(),
      project: new Map(), client: new Map(), person: new Map(), tag: new Map(), bucket: bucketing() };
    const [beforeFrom, beforeTo] = step(-1);
    // A period that is not over would always seem to fall behind.
    sums.compared = cells > 0 && beforeFrom >= bounds.from && state.preset !== 'all' && state.to <= D.today;
    for (let i = 0; i < cells; i++) {
      const day = C.day[i];
      const now = day >= state.from && day < state.to;
      if (!now && !(sums.compared && day >= beforeFrom && day < beforeTo)) continue;
      const project = C.project[i];
      if (!passes(f, project, C.person[i])) continue;
      if (f.billable !== undefined && C.billable[i] !== f.billable) continue;
      if (f.kind !== undefined && C.kind[i] !== f.kind) continue;
      const tags = D.tagSets[C.tags[i]];
      if (f.tag !== undefined && !tags.includes(f.tag)) continue;
      if (!now) { addCell(sums.before, i); continue; }
      addCell(sums.total, i);
      sums.kinds[C.kind[i]] += C.seconds[i];
      tallyIn(sums.time, sums.bucket.of(day), i);
      tallyIn(sums.project, project, i);
      tallyIn(sums.client, D.projects[project][1], i);
      tallyIn(sums.person, C.person[i], i);
      for (const tag of tags) tallyIn(sums.tag, tag, i);
    }
    return sums;
  };

  // ---- tables: a column is {title, value (what is sorted), cell (what is shown), num, optional}

  const table = (id, columns, items, { footer, noun = 'rows', sort = [0, 1] } = {}) => {
    const holder = el('div');
    const [by, direction] = state.sorts[id] || sort;
    const search = (state.searches[id] || '').toLowerCase();
    const found = items.filter((item) =>
      !search || columns.some((c) => c.text && c.text(item).toLowerCase().includes(search)));
    const key = columns[by] || columns[0];
    const sorted = [...found].sort((a, b) => {
      const x = key.value(a), y = key.value(b);
      const order = typeof x === 'string' || typeof y === 'string'
        ? String(x).localeCompare(String(y), 'en', { numeric: true }) : x - y;
      return order * direction;
    });
    const shown = state.open[id] ? sorted : sorted.slice(0, ROWS);
    const classes = (c, name) => [c.num ? 'num' : '', c.optional ? 'optional' : '', name || ''].join(' ').trim();
    const head = el('tr', {}, columns.map((c, i) =>
      el('th', { scope: 'col', class: classes(c), 'aria-sort': i === by ? (direction > 0 ? 'ascending' : 'descending') : null },
        el('button', { type: 'button', on: { click: () => {
          state.sorts[id] = [i, i === by ? -direction : c.num ? -1 : 1];
          render(id);
        } } }, c.title + (i === by ? (direction > 0 ? ' ↑' : ' ↓') : '')))));
    const body = shown.map((item) => el('tr', {}, columns.map((c) =>
      el('td', { class: classes(c, c.kind), title: c.hint ? c.hint(item) : null }, c.cell(item)))));
    holder.append(el('div', { class: 'scroll' }, el('table', { id: 'table-' + id },
      el('thead', {}, head), el('tbody', {}, body),
      footer && items.length > 1 && !search ? el('tfoot', {}, footer) : null)));
    if (!found.length) holder.append(el('p', { class: 'empty' }, search ? 'Nothing matches.' : 'Nothing in this period.'));
    if (found.length > ROWS) {
      holder.append(el('button', { type: 'button', class: 'more-rows', on: { click: () => {
        state.open[id] = !state.open[id];
        render(id);
      } } }, state.open[id] ? 'Show the first ' + ROWS : 'Show all ' + count(found.length) + ' ' + noun));
    }
    return holder;
  };

  /** In each currency that occurs; sorted by the number alone, for there is no rate of exchange. */
  const amountColumn = (items, key, title) => {
    const amounts = (item) => Object.entries(item.tally[key]).map(([c, a]) => [c, minor(a)]).sort((a, b) => b[1] - a[1]);
    return items.some((item) => amounts(item).length) ? [{ title, num: true,
      value: (item) => Math.max(0, ...amounts(item).map(([c, a]) => a / 10 ** (D.digits[c] ?? 2))),
      cell: (item) => (amounts(item).length ? amounts(item).map(([c, a]) => el('div', {}, money(a, c))) : '–') }] : [];
  };

  const tallyColumns = (items, total) => [
    { title: 'Hours', num: true, value: (i) => i.tally.seconds, cell: (i) => hm(i.tally.seconds),
      hint: (i) => hms(i.tally.seconds) + ', ' + count(i.tally.entries) + ' entries' },
    { title: 'Share', num: true, optional: true, value: (i) => i.tally.seconds, cell: (i) => percent(i.tally.seconds, total) },
    { title: 'Billable', num: true, optional: true, value: (i) => i.tally.billable, cell: (i) => hm(i.tally.billable),
      hint: (i) => hms(i.tally.billable) },
    ...amountColumn(items, 'earned', 'Amount'),
    ...amountColumn(items, 'cost', 'Cost').map((column) => ({ ...column, optional: true })),
  ];

  const tallyFooter = (label, columns, total, leading) => el('tr', { 'data-seconds': total.seconds },
    el('td', { colspan: leading }, label), columns.map((c) =>
      el('td', { class: 'num' + (c.optional ? ' optional' : '') }, c.cell({ tally: total }))));

  // ---- charts

  const charts = {};
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
  const draw = (id, canvas, labels, names, billable, other, horizontal) => {
    charts[id]?.destroy();
    const axis = { stacked: true, grid: { color: colour('line') }, border: { display: false },
      ticks: { color: colour('muted'), maxRotation: 0, autoSkipPadding: 12 } };
    const hours = { ...axis, beginAtZero: true, ticks: { ...axis.ticks, maxTicksLimit: 6, callback: (v) => count(v) + ' h' } };
    const words = { ...axis, grid: { display: false }, ticks: { ...axis.ticks, autoSkip: !horizontal,
      callback: (value, i) => { const text = labels[i] ?? ''; return text.length > 24 ? text.slice(0, 23) + '…' : text; } } };
    const set = (label, data, tone) => ({ label, data: data.map((s) => s / 3600), backgroundColor: colour(tone),
      maxBarThickness: horizontal ? 16 : 38, borderRadius: 2 });
    charts[id] = new Chart(canvas, {
      type: 'bar',
      data: { labels: names, datasets: [set('Billable', billable, 'main'), set('Not billable', other, 'other')] },
      options: {
        indexAxis: horizontal ? 'y' : 'x', animation: false, responsive: true, maintainAspectRatio: false,
        scales: horizontal ? { x: hours, y: words } : { x: words, y: hours },
        interaction: { mode: 'index', axis: horizontal ? 'y' : 'x', intersect: false },
        plugins: {
          legend: { position: 'top', align: 'end', labels: { color: colour('muted'), boxWidth: 12, boxHeight: 12 },
            display: !horizontal },
          tooltip: { callbacks: { label: (item) => ' ' + item.dataset.label + ': ' + hm(item.raw * 3600) + ' h' } },
        },
      },
    });
  };

  // ---- sections

  const panel = (id, title, lead, content, searchable) => {
    const header = el('header', {}, el('h2', {}, title));
    if (searchable) {
      const input = el('input', { type: 'search', placeholder: 'Filter ' + searchable, 'aria-label': 'Filter ' + searchable,
        id: 'search-' + id, on: { input: () => { state.searches[id] = input.value; render(id); } } });
      input.value = state.searches[id] || '';
      header.append(input);
    }
    return el('section', { class: 'panel', id }, header, lead ? el('p', { class: 'lead' }, lead) : null, content);
  };
  const several = D.workspaces.length > 1;
  const workspaceSub = (workspace) =>
    several && state.filter.workspace === undefined ? el('div', { class: 'sub' }, D.workspaces[workspace][0]) : null;

  const DIMENSIONS = [
    { id: 'project', title: 'Projects', noun: 'projects', name: (i) => D.projects[i][2],
      sub: (i) => [D.projects[i][3] || D.clients[D.projects[i][1]][2] ? null : D.clients[D.projects[i][1]][1],
        D.projects[i][4] ? 'archived' : null, several && state.filter.workspace === undefined ? D.workspaces[D.projects[i][0]][0] : null] },
    { id: 'client', title: 'Clients', noun: 'clients', name: (i) => D.clients[i][1],
      sub: (i) => [several && state.filter.workspace === undefined ? D.workspaces[D.clients[i][0]][0] : null] },
    { id: 'person', title: 'People', noun: 'people', name: (i) => D.people[i], sub: () => [] },
    { id: 'tag', title: 'Tags', noun: 'tags', name: (i) => D.tags[i][1],
      sub: (i) => [several && state.filter.workspace === undefined ? D.workspaces[D.tags[i][0]][0] : null],
      lead: 'An entry with several tags counts for each of them, so these add up to more than the total.' },
  ];

  const dimension = (dim, sums) => {
    const items = [...sums[dim.id]].map(([key, tally]) => ({ key, tally, name: dim.name(key) }));
    items.sort((a, b) => b.tally.seconds - a.tally.seconds);
    const columns = tallyColumns(items, sums.total.seconds);
    const all = [{ title: dim.title.replace(/s$/, '').replace('People', 'Person'), kind: 'name',
      value: (i) => i.name, text: (i) => i.name + ' ' + dim.sub(i.key).join(' '),
      cell: (i) => {
        const sub = dim.sub(i.key).filter(Boolean).join(' · ');
        return [el('button', { type: 'button', class: 'pick', title: 'Show only this',
          on: { click: () => { state.filter[dim.id] = i.key; render(); } } }, i.name),
        sub ? el('div', { class: 'sub' }, sub) : null];
      } }, ...columns];
    const footer = dim.id === 'tag' ? null : tallyFooter('Total', columns, sums.total, 1);
    const content = el('div', { class: 'split' }, el('div', { class: 'chart' }, el('canvas', { role: 'img' })),
      el('div', { class: 'table' }, table(dim.id, all, items, { footer, noun: dim.noun, sort: [1, -1] })));
    const section = panel('by-' + dim.id, dim.title, dim.lead, content, null);
    if (items.length > 1) {
      const input = el('input', { type: 'search', placeholder: 'Filter ' + dim.noun, 'aria-label': 'Filter ' + dim.noun,
        id: 'search-' + dim.id, on: { input: () => { state.searches[dim.id] = input.value; render(dim.id); } } });
      input.value = state.searches[dim.id] || '';
      section.querySelector('header').append(input);
    }
    return { section, items, dim };
  };

  const drawDimension = ({ section, items, dim }) => {
    const bars = items.filter((item) => dim.id !== 'tag' || !D.tags[item.key][2]).slice(0, BARS);
    const holder = section.querySelector('.chart');
    holder.style.height = Math.max(90, 34 + bars.length * 27) + 'px';
    const canvas = holder.firstChild;
    canvas.setAttribute('aria-label', dim.title + ' by hours; the table beside it has the figures');
    if (!bars.length) { holder.remove(); return; }
    const names = bars.map((b) => b.name);
    draw(dim.id, canvas, names, names, bars.map((b) => b.tally.billable), bars.map((b) => b.tally.seconds - b.tally.billable), true);
  };

  const inWorkspace = (workspace) => state.filter.workspace === undefined || workspace === state.filter.workspace;
  const limited = (shown, all, noun) => (shown < all ? ' Only the first ' + count(shown) + ' of ' + count(all) + ' ' + noun + ' are on this page.' : '');

  const meter = (used, limit, shownUsed, shownLimit) => {
    const share = used / limit;
    return [el('div', {}, shownUsed + ' of ' + shownLimit), bar(share, share > 1 ? 'bad' : share > 0.85 ? 'warn' : '')];
  };

  const budgets = () => {
    const items = D.budgets.filter((b) => passes(state.filter, b[0])).map(
      ([project, currency, time, timeUsed, timeSince, amount, amountUsed, amountSince, mixed]) => ({
        project, currency, time, timeUsed, timeSince, amount, amountUsed, amountSince, mixed,
        share: Math.max(time ? timeUsed / time : 0, amount ? amountUsed / amount : 0) }));
    if (!items.length) return null;
    const since = (i) => i.timeSince ?? i.amountSince;
    const columns = [
      { title: 'Project', kind: 'name', value: (i) => D.projects[i.project][2], text: (i) => D.projects[i.project][2],
        cell: (i) => [el('span', {}, D.projects[i.project][2]), D.projects[i.project][4] ? el('span', { class: 'sub' }, ' archived') : null,
          workspaceSub(workspaceOf(i.project))] },
      { title: 'Used', num: true, value: (i) => i.share, cell: (i) =>
        badge(Math.round(100 * i.share) + ' %', i.share > 1 ? 'bad' : i.share > 0.85 ? 'warn' : 'good') },
      { title: 'Hours', kind: 'meter', num: true, value: (i) => (i.time ? i.timeUsed / i.time : -1),
        cell: (i) => (i.time ? meter(i.timeUsed, i.time, hm(i.timeUsed), hm(i.time)) : '–') },
      { title: 'Money', kind: 'meter', num: true, value: (i) => (i.amount ? i.amountUsed / i.amount : -1),
        cell: (i) => (i.amount ? [...meter(i.amountUsed, i.amount, money(i.amountUsed, i.currency), money(i.amount, i.currency)),
          i.mixed ? el('div', { class: 'sub' }, 'without other currencies') : null] : '–') },
      { title: 'Since', num: true, optional: true, value: (i) => since(i) ?? 0, cell: (i) => (since(i) ? full(since(i)) : 'its start') },
    ];
    return panel('budgets', 'Budgets', 'What active estimates have used up to now, whatever period is shown above: since the project began, or since a recurring estimate last started anew.',
      table('budgets', columns, items, { noun: 'projects', sort: [1, -1] }), 'budgets');
  };

  const timers = () => {
    const now = Date.parse(D.now) / 1000;
    const items = D.timers.filter(([, project, person]) => passes(state.filter, project, person));
    if (!D.timersAll) return null;
    const columns = [
      { title: 'Person', kind: 'name', value: (t) => D.people[t[2]], text: (t) => D.people[t[2]], cell: (t) => [D.people[t[2]], workspaceSub(t[0])] },
      { title: 'Project', kind: 'name', value: (t) => D.projects[t[1]][2], text: (t) => D.projects[t[1]][2], cell: (t) => D.projects[t[1]][2] },
      { title: 'Doing', kind: 'name', optional: true, value: (t) => t[3], text: (t) => t[3], cell: (t) => t[3] || '–' },
      { title: 'Since', num: true, value: (t) => t[5], cell: (t) => new Date(t[5] * 1000).toLocaleString('en-GB',
        { timeZone: D.zone, day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }) },
      { title: 'For', num: true, value: (t) => -t[5], cell: (t) => (now > t[5] ? badge(hm(now - t[5]), now - t[5] > 12 * 3600 ? 'warn' : '') : '–') },
    ];
    return panel('timers', 'Running timers', 'Running when the tables were last synced. They are in no total, for they have no end.' + limited(D.timers.length, D.timersAll, 'timers'),
      table('timers', columns, items, { noun: 'timers', sort: [3, 1] }), null);
  };

  const gaps = () => {
    if (!D.timesheetsAll && !D.withoutCapacity) return null;
    const start = Math.max(0, state.from - D.timesheetStart);
    const end = Math.min(D.timesheetDays, state.to - D.timesheetStart);
    const items = [];
    for (const sheet of D.timesheets) {
      if (!inWorkspace(sheet[0]) || (state.filter.person !== undefined && sheet[1] !== state.filter.person)) continue;
      const item = { workspace: sheet[0], person: sheet[1], days: 0, empty: 0, expected: 0, recorded: 0, missing: 0, strip: [] };
      for (let day = start; day < end; day++) {
        const expected = sheet[2 + day], recorded = sheet[2 + D.timesheetDays + day];
        if (!expected) continue;
        item.days++;
        item.expected += expected;
        item.recorded += recorded;
        item.missing += Math.max(0, expected - recorded);
        if (!recorded) item.empty++;
        item.strip.push([D.timesheetStart + day, recorded >= expected ? 'full' : recorded ? 'part' : 'none', recorded / expected, recorded]);
      }
      if (item.missing) items.push(item);
    }
    const columns = [
      { title: 'Person', kind: 'name', value: (i) => D.people[i.person], text: (i) => D.people[i.person], cell: (i) => [D.people[i.person], workspaceSub(i.workspace)] },
      { title: 'Missing', num: true, value: (i) => i.missing, cell: (i) => hm(i.missing) },
      { title: 'Recorded', num: true, optional: true, value: (i) => i.recorded, cell: (i) => hm(i.recorded) },
      { title: 'Expected', num: true, value: (i) => i.expected, cell: (i) => hm(i.expected) },
      { title: 'Empty days', num: true, value: (i) => i.empty, cell: (i) => (i.empty ? badge(i.empty + ' of ' + i.days, i.empty > 2 ? 'bad' : 'warn') : '–') },
      { title: 'Last working days', optional: true, value: (i) => i.empty, cell: (i) => el('span', { class: 'strip' },
        i.strip.slice(-20).map(([day, kind, share, recorded]) =>
          el('i', { class: kind, height: Math.round(3 + 13 * Math.min(1, share)) + 'px', title: full(day) + ': ' + hm(recorded) }))) },
    ];
    const outside = end <= start;
    const lead = 'Working days of active members on which less was recorded than their capacity, without holidays and approved time off, since their first entry; from '
      + full(D.timesheetStart) + ' to yesterday, within the period shown.' + limited(D.timesheets.length, D.timesheetsAll, 'people')
      + (D.withoutCapacity ? ' ' + count(D.withoutCapacity) + ' active people are left out: no capacity is set for them.' : '');
    return panel('gaps', 'Timesheet gaps', lead, outside ? el('p', { class: 'empty' }, 'The period shown lies outside of these weeks.')
      : items.length ? table('gaps', columns, items, { noun: 'people', sort: [1, -1] }) : el('p', { class: 'empty' }, 'No gaps: everybody recorded what was expected.'), items.length > 1 ? 'people' : null);
  };

  const expenses = () => {
    if (!D.expenses.length) return null;
    const groups = new Map();
    for (const [day, project, person, category, billable, n, amount] of D.expenses) {
      if (day < state.from || day >= state.to || !passes(state.filter, project, person)) continue;
      const workspace = workspaceOf(project);
      const key = category + '/' + workspace;
      let item = groups.get(key);
      if (!item) groups.set(key, (item = { workspace, category, n: 0, amount: 0, billable: 0 }));
      item.n += n;
      item.amount += amount;
      if (billable) item.billable += amount;
    }
    const items = [...groups.values()];
    const currency = (i) => D.workspaces[i.workspace][1];
    const name = (i) => D.categories[i.category] || 'No category';
    const columns = [
      { title: 'Category', kind: 'name', value: name, text: name, cell: (i) => [name(i), workspaceSub(i.workspace)] },
      { title: 'Expenses', num: true, value: (i) => i.n, cell: (i) => count(i.n) },
      { title: 'Amount', num: true, value: (i) => i.amount, cell: (i) => money(Math.round(i.amount), currency(i)) },
      { title: 'Billable', num: true, value: (i) => i.billable, cell: (i) => money(Math.round(i.billable), currency(i)) },
    ];
    return panel('expenses', 'Expenses', 'In each workspace’s own currency: Clockify names none for an expense.', table('expenses', columns, items, { noun: 'categories', sort: [2, -1] }), null);
  };

  const invoices = () => {
    if (!D.invoicesAll) return null;
    const items = D.invoices.filter((i) => inWorkspace(i[0]) && (i[10] || i[4] === null || (i[4] >= state.from && i[4] < state.to))
      && (state.filter.client === undefined || D.clients[state.filter.client][1] === i[2]));
    const owed = {}, overdue = {};
    for (const i of items) {
      if (i[10]) owed[i[9]] = (owed[i[9]] || 0) + i[8];
      if (i[11]) overdue[i[9]] = (overdue[i[9]] || 0) + i[8];
    }
    const sum = (amounts) => Object.entries(amounts).map(([c, a]) => money(a, c)).join(', ') || 'nothing';
    const columns = [
      { title: 'Invoice', kind: 'name', value: (i) => i[1], text: (i) => i[1] + ' ' + i[2], cell: (i) => [i[1], workspaceSub(i[0])] },
      { title: 'Client', kind: 'name', value: (i) => i[2] || '', cell: (i) => i[2] || '–' },
      { title: 'Status', value: (i) => i[3], text: (i) => i[3], cell: (i) => [badge(sentence(i[3]), WORD[i[3]]), i[11] && i[3] !== 'OVERDUE' ? [' ', badge('overdue', 'bad')] : null].flat() },
      { title: 'Issued', num: true, optional: true, value: (i) => i[4] ?? 0, cell: (i) => (i[4] === null ? '–' : iso(i[4])) },
      { title: 'Due', num: true, value: (i) => i[5] ?? 0, cell: (i) => (i[5] === null ? '–' : iso(i[5])) },
      { title: 'Amount', num: true, optional: true, value: (i) => i[6], cell: (i) => money(i[6], i[9]) },
      { title: 'Paid', num: true, optional: true, value: (i) => i[7], cell: (i) => money(i[7], i[9]) },
      { title: 'Balance', num: true, value: (i) => i[8], cell: (i) => money(i[8], i[9]) },
    ];
    return panel('invoices', 'Invoices', 'Issued in the period, and every one that is still owed. Owed: ' + sum(owed) + '; of that overdue: ' + sum(overdue) + '.' + limited(D.invoices.length, D.invoicesAll, 'invoices'),
      table('invoices', columns, items, { noun: 'invoices', sort: [3, -1] }), 'invoices');
  };

  const approvals = () => {
    if (!D.approvalsAll) return null;
    const items = D.approvals.filter((a) => inWorkspace(a[0]) && a[2] < state.to && a[3] >= state.from 
      && (state.filter.person === undefined || a[1] === state.filter.person));
    const states = {};
    items.forEach((a) => { states[a[5]] = (states[a[5]] || 0) + 1; });
    const columns = [
      { title: 'Person', kind: 'name', value: (a) => D.people[a[1]], text: (a) => D.people[a[1]] + ' ' + a[5],
        cell: (a) => [D.people[a[1]], workspaceSub(a[0])] },
      { title: 'Status', value: (a) => a[5], cell: (a) => badge(sentence(a[5]), WORD[a[5]]) },
      { title: 'From', num: true, value: (a) => a[2], cell: (a) => iso(a[2]) },
      { title: 'To', num: true, optional: true, value: (a) => a[3], cell: (a) => iso(a[3]) },
      { title: 'Tracked', num: true, value: (a) => a[6], cell: (a) => hm(a[6]) },
    ];
    const summary = Object.entries(states).sort().map(([name, n]) => count(n) + ' ' + sentence(name).toLowerCase()).join(', ');
    return panel('approvals', 'Approvals', (summary ? 'In this period: ' + summary + '.' : '') + limited(D.approvals.length, D.approvalsAll, 'requests'),
      table('approvals', columns, items, { noun: 'requests', sort: [2, -1] }), 'approvals');
  };

  const age = (text) => {
    const minutes = Math.max(0, Math.round((Date.parse(D.now) - Date.parse(text)) / 60000));
    return minutes < 120 ? minutes + ' min' : minutes < 2880 ? Math.round(minutes / 60) + ' h' : Math.round(minutes / 1440) + ' days';
  };

  const freshness = ([workspace, asOf, bad, verified]) => [
    el('dt', {}, D.workspaces[workspace][0]),
    el('dd', {},
      asOf ? [badge('synced', 'good'), ' ' + asOf.replace('T', ' ').replace('Z', ' UTC') + ', ' + age(asOf) + ' before this page was made. ']
        : [badge('never fully synced', 'warn'), ' '],
      verified ? [badge(verified[2] ? count(verified[2]) + ' differences' : 'verified', verified[2] ? 'bad' : 'good'),
        ' ' + count(verified[1]) + ' checks on ' + verified[0].slice(0, 10)
        + (verified[3] ? ', ' + count(verified[3]) + ' not possible' : '') + '. '] : [badge('not verified yet'), ' '],
      bad.length ? [badge(bad.length + ' not up to date', 'warn'), ' ' + bad.join(', ')] : null),
  ];

  const about = () => [
    el('h2', {}, 'About these figures'),
    el('dl', {}, D.freshness.map(freshness).flat(),
      el('dt', {}, 'Days'), el('dd', {}, 'begin at midnight in ' + D.zone + '. An entry over midnight counts for the day on which it starts, as in Clockify’s own reports.'),
      el('dt', {}, 'Hours'), el('dd', {}, 'are all stopped entries, with breaks, holidays and time off unless another kind is chosen; hours:minutes, to the second on pointing at them.'),
      el('dt', {}, 'Amounts'), el('dd', {}, 'are billable time × the entry’s hourly rate, cost is all time × its cost rate; added up exactly and rounded once. What has no rate, or one that this key may not see, has no amount.'),
      el('dt', {}, 'Made'), el('dd', {}, D.now.replace('T', ' ').replace('Z', ' UTC') + ' by clockify-lakehouse report. This file needs no network and sends nothing. Charts: Chart.js, MIT licence.')),
  ];

  const kpis = ({ total, before, compared, kinds, person }) => {
    const kpi = (label, value, more, attributes = {}, small) => el('div', { class: 'kpi', ...attributes },
      el('div', { class: 'label' }, label), el('div', { class: 'value' + (small ? ' small' : '') }, value), ...[more].flat().filter(Boolean)
        .map((part) => (typeof part === 'string' ? el('div', { class: 'more' }, part) : part)));
    const change = (now, then) => (!compared || !then ? null
      : (now >= then ? '▲ ' : '▼ ') + Math.abs(Math.round((100 * (now - then)) / then)) + ' % against the period before');
    const odd = kinds.map((s, i) => (i && s ? hm(s) + ' ' + KINDS[i].toLowerCase() : null)).filter(Boolean);
    const amounts = (sums) => Object.entries(sums).sort((a, b) => b[1] - a[1]).map(([c, a]) =>
      el('div', { 'data-currency': c, 'data-minor': minor(a) }, money(minor(a), c)));
    const earned = amounts(total.earned), cost = amounts(total.cost);
    const long = (sums) => sums.length > 1 || sums.some((e) => e.textContent.length > 13);
    return [
      kpi('Hours tracked', hm(total.seconds), [change(total.seconds, before.seconds), odd.length ? 'of these ' + odd.join(', ') : null],
        { id: 'kpi-hours', 'data-seconds': total.seconds, title: hms(total.seconds) }),
      kpi('Billable hours', hm(total.billable), total.seconds ? [percent(total.billable, total.seconds) + ' of all', bar(total.billable / total.seconds)] : null,
        { id: 'kpi-billable', 'data-seconds': total.billable, title: hms(total.billable) }),
      kpi('Billable amount', earned.length ? earned : '–', total.unrated ? hm(total.unrated) + ' billable without a visible rate' : null,
        { id: 'kpi-amount' }, long(earned)),
      cost.length ? kpi('Cost', cost, null, { id: 'kpi-cost' }, long(cost)) : null,
      kpi('People', count(person.size), count(total.entries) + (total.entries === 1 ? ' entry' : ' entries'),
        { id: 'kpi-people', 'data-entries': total.entries }),
    ];
  };

  const overTime = (sums) => {
    const { bucket, time, total } = sums;
    const keys = [...time.keys()].sort((a, b) => a - b);
    const days = [];
    if (keys.length) {
      const start = Math.max(bucket.of(state.from), bucket.of(keys[0] - (keys[0] - state.from > 400 ? 0 : keys[0] - state.from)));
      const last = keys[keys.length - 1];
      for (let day = start; day <= last && days.length < 1200; day = bucket.next(day)) days.push(day);
    }
    const none = newTally();
    const at = (day) => time.get(day) || none;
    const labels = days.map(bucket.label);
    const canvas = $('time-chart');
    canvas.setAttribute('aria-label', 'Hours by ' + bucket.name + ', billable and not; the table below has the figures');
    canvas.parentElement.classList.toggle('hidden', !days.length);
    if (days.length) {
      draw('time', canvas, labels.map((text) => text.replace('week of ', '')), labels,
        days.map((d) => at(d).billable), days.map((d) => at(d).seconds - at(d).billable), false);
    }
    const items = keys.map((key) => ({ key, tally: time.get(key) }));
    const columns = tallyColumns(items, total.seconds);
    const title = bucket.name[0].toUpperCase() + bucket.name.slice(1);
    const all = [{ title, value: (i) => i.key, cell: (i) => bucket.label(i.key), text: (i) => bucket.label(i.key) }, ...columns];
    const open = document.querySelector('#day-table details')?.open ?? false;
    const content = table('time', all, items, { noun: bucket.name + 's', footer: tallyFooter('Total', columns, total, 1), sort: [0, 1] });
    $('day-table').replaceChildren(items.length
      ? el('details', open ? { open: '' } : {}, el('summary', {}, 'Figures by ' + bucket.name), content)
      : el('p', { class: 'empty' }, cells ? 'No time was recorded in this period.' : 'The tables hold no time entries yet: run sync, then make the report again.'));
  };

  // ---- the page

  const CHIP = { project: (i) => D.projects[i][2], client: (i) => D.clients[i][1], person: (i) => D.people[i], tag: (i) => D.tags[i][1] };

  const frame = () => {
    $('subtitle').textContent = full(state.from) + ' – ' + full(state.to - 1)
      + (state.filter.workspace === undefined ? (several ? ', ' + D.workspaces.length + ' workspaces' : D.workspaces.length ? ', ' + D.workspaces[0][0] : '')
        : ', ' + D.workspaces[state.filter.workspace][0]);
    $('preset').value = state.preset;
    $('from').value = iso(state.from);
    $('to').value = iso(state.to - 1);
    $('chips').replaceChildren(...Object.keys(CHIP).filter((key) => state.filter[key] !== undefined).map((key) =>
      el('button', { type: 'button', class: 'chip', title: 'Remove this filter',
        on: { click: () => { delete state.filter[key]; render(); } } },
      sentence(key.toUpperCase()) + ': ' + CHIP[key](state.filter[key]) + ' ✕')));
    const notes = [];
    if (D.daysFrom !== null) notes.push('To keep this page small, time before ' + full(D.daysFrom) + ' is kept by '
      + (D.monthsFrom === null ? 'month' : 'month, and before ' + full(D.monthsFrom) + ' by year')
      + (state.widened ? '; the period shown was widened to whole ones' : '') + '. Name a shorter period with --from and --to to see its days.');
    if (!D.tagsKnown) notes.push('Tags are left out of this page: together with everything else they are too many. Name a shorter period with --from and --to, or use --format csv.');
    $('notes').replaceChildren(...notes.map((text) => el('p', { class: 'note' }, text)));
  };

  /** Everything again; the focus and the scroll position stay. */
  const render = (focused) => {
    const active = document.activeElement?.id;
    const scroll = window.scrollY;
    frame();
    const sums = addUp();
    $('kpis').replaceChildren(...kpis(sums).filter(Boolean));
    overTime(sums);
    const dims = DIMENSIONS.filter((dim) => cells && (dim.id !== 'tag' || D.tagsKnown)).map((dim) => dimension(dim, sums));
    $('dimensions').replaceChildren(...dims.map((d) => d.section));
    dims.forEach(drawDimension);
    const sheets = [budgets(), timers(), gaps(), expenses(), invoices(), approvals()].filter(Boolean);
    $('sheets').replaceChildren(...sheets);
    $('about').replaceChildren(...about());
    $('jump').replaceChildren(...[...document.querySelectorAll('main section.panel')].map((section) =>
      el('a', { href: '#' + section.id }, section.querySelector('h2').textContent)));
    window.scrollTo(0, scroll);
    const again = active && $(active);
    if (again) {
      again.focus({ preventScroll: true });
      if (again.type === 'search') again.setSelectionRange(again.value.length, again.value.length);
    } else if (focused) {
      document.querySelector('#table-' + focused + ' th[aria-sort] button')?.focus({ preventScroll: true });
    }
  };

  const dark = () => (document.documentElement.dataset.theme || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';
  const setTheme = (theme) => {
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    $('theme').textContent = dark() ? 'Light' : 'Dark';
    render();
  };

  const start = () => {
    $('preset').append(...PRESETS.map(([value, text]) => option(value, text)));
    $('kind').append(option('', 'all kinds'), ...KINDS.map((kind, i) => option(i, kind.toLowerCase())).filter((o, i) => C.kind.includes(i)));
    $('kind-label').hidden = new Set(C.kind).size < 2;
    $('workspace').append(option('', 'all workspaces'), ...D.workspaces.map(([name], i) => option(i, name)));
    $('workspace-label').hidden = !several;
    $('controls').addEventListener('submit', (event) => event.preventDefault());
    $('preset').addEventListener('change', () => { setPeriod($('preset').value, state.from, state.to); render(); });
    $('earlier').addEventListener('click', () => { setPeriod('custom', ...step(-1)); render(); });
    $('later').addEventListener('click', () => { setPeriod('custom', ...step(1)); render(); });
    for (const id of ['from', 'to']) {
      $(id).addEventListener('change', () => {
        const from = Date.parse($('from').value) / DAY, to = Date.parse($('to').value) / DAY + 1;
        if (from < to) { setPeriod('custom', from, to); render(); }
      });
    }
    for (const id of ['workspace', 'billable', 'kind']) {
      $(id).addEventListener('change', () => {
        if ($(id).value === '') delete state.filter[id];
        else state.filter[id] = Number($(id).value);
        render();
      });
    }
    $('theme').addEventListener('click', () => setTheme(dark() ? 'light' : 'dark'));
    $('print').addEventListener('click', () => window.print());
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => setTheme());
    let kept;
    addEventListener('beforeprint', () => { kept = document.documentElement.dataset.theme; setTheme('light'); });
    addEventListener('afterprint', () => setTheme(kept));
    setPeriod(D.from !== null || D.to !== null ? 'all' : 'this-month');
    if (state.preset !== 'all' && !addUp().total.entries) setPeriod('all');
    setTheme();
  };
  start();
})();
