/*
 * SJC-DRAW/1: the teams that a seed leaves, and who comes in for whom afterwards (替补).
 *
 * Written from docs/draw.md, sharing nothing with the server's own code. `th`, `bytes`, `hex` and
 * `need` come from sjc-verify.js.
 */
"use strict";

// eslint-disable-next-line no-unused-vars
const SjcTeams = (() => {
  const REASONS = {
    officer: ["officer.recusal", "officer.leave", "officer.illness"],
    enterprise: ["enterprise.closed", "enterprise.moved", "enterprise.stopped"],
  };
  const TRIES = 20000;
  const place = (dept, label) => `${dept}/${label}`;

  /* The committed lines: officers in their order, recusals and banned pairs. */
  function readOfficers(lines, need) {
    const word = "[!-+.-~-]{1,120}";
    const words = `((?:${word}(?:,${word})*)?)`;
    const form = new RegExp(`^O\t([0-9a-f]{64})\t${words}\t${words}\t(0|[1-9][0-9]{0,8})$`);
    const pair = /^([RB])\t([0-9a-f]{64})\t([0-9a-f]{64})$/;
    const found = { officers: new Map(), recused: new Set(), banned: new Map() };
    const ban = (one, other) => {
      if (!found.banned.has(one)) found.banned.set(one, new Set());
      found.banned.get(one).add(other);
    };
    const list = (text) => {
      const parts = text ? text.split(",") : [];
      need(parts.every((part, n) => !n || parts[n - 1] < part), "角色或标签未排序或有重复");
      return new Set(parts);
    };
    for (const line of lines) {
      const o = form.exec(line), p = pair.exec(line);
      need(o || (p && (p[1] === "R" || p[2] < p[3])), `资格清单有一行不可读：${line.slice(0, 80)}`);
      if (p && p[1] === "R") found.recused.add(`${p[2]} ${p[3]}`);
      if (p && p[1] === "B") { ban(p[2], p[3]); ban(p[3], p[2]); }
      if (!o) continue;
      need(!found.officers.has(o[1]), "同一执法人员出现两次");
      const at = found.officers.size;
      found.officers.set(o[1], { at, roles: list(o[2]), tags: list(o[3]), load: Number(o[4]) });
    }
    return found;
  }

  /* Who may go to this task in this role, by the lines, the rules and what was given up. */
  function fit(ground, rules, role, task, relaxed) {
    const sector = task.cell.split(".")[1] || "any";
    const special = rules.specialty.includes(role) && !relaxed.includes(`specialty/${role}`)
      && sector !== "any" && sector !== "none";
    const found = [];
    for (const [id, officer] of ground.officers) {
      if (officer.roles.has(role) && (!special || officer.tags.has(sector))
        && !ground.recused.has(`${id} ${task.c}`)) found.push(id);
    }
    return found;
  }

  const isBanned = (ground, id, others) => {
    const banned = ground.banned.get(id);
    return banned !== undefined && others.some((other) => banned.has(other));
  };

  function free(ground, rules, stage, task, relaxed, team) {
    const apart = !relaxed.includes("pair");
    return fit(ground, rules, stage[1], task, relaxed)
      .filter((id) => !team.includes(id) && !(apart && isBanned(ground, id, team)));
  }

  /* Whether every place can be filled from its list: the shortest list first, of several the
     earliest, its officers in the order of the lines. `count` says how many were tried. */
  function fillable(ground, lists, apart, count) {
    if (lists.some((list) => !list.length)) return false;
    if (!lists.length) return true;
    const least = Math.min(...lists.map((list) => list.length));
    const place = lists.findIndex((list) => list.length === least);
    const rest = lists.filter((_, n) => n !== place);
    return lists[place].some((id) => {
      count();
      const banned = (apart && ground.banned.get(id)) || new Set();
      return fillable(ground, rest.map((list) => list.filter((other) => other !== id && !banned.has(other))), apart, count);
    });
  }

  /* Whether a team exists for the task when it has all officers to itself: known after TRIES. */
  function possible(tool, ground, rules, task, relaxed, asked) {
    const lists = rules.stages.map((stage) => fit(ground, rules, stage[1], task, relaxed));
    const apart = !relaxed.includes("pair");
    const question = `${apart} ${lists.map((list) => list.map((id) => ground.officers.get(id).at))
      .join(" ")}`;
    let tries = 0;
    const count = () => tool.need(++tries <= TRIES, `部门“${rules.dept}”为一家企业排组试到 ${TRIES} 人次仍无结论`);
    if (!asked.has(question)) asked.set(question, fillable(ground, lists, apart, count));
    return asked.get(question);
  }

  function joined(parts) {
    const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) { out.set(part, at); at += part.length; }
    return out;
  }

  function number32(value) {
    const out = new Uint8Array(4);
    new DataView(out.buffer).setUint32(0, value);
    return out;
  }

  function lp(text) {
    const data = new TextEncoder().encode(text);
    return joined([number32(data.length), data]);
  }

  const byKey = (one, other) => (one[0] < other[0] ? -1 : one[0] > other[0] ? 1 : 0);

  function ranked(tool, tag, opening, ids) {
    const data = joined([opening, new Uint8Array(32)]);
    return ids.map((id) => {
      data.set(tool.bytes(id), opening.length);
      return [tool.hex(tool.th(tag, data)), id];
    }).sort(byKey).map((pair) => pair[1]);
  }

  /* One search for an officer below the cap, along officers who could hand a task on. */
  function search(task, wish, held, load, cap, dead) {
    const came = new Map(), queue = [task];
    for (const current of queue) {
      for (const id of wish.get(current)) {
        if (came.has(id) || dead.has(id)) continue;
        came.set(id, current);
        if (load.get(id) < cap) return { came, end: id };
        queue.push(...held.get(id));
      }
    }
    return { came, end: null };
  }

  /* One stage: raising the cap by one, every task gets an officer. Null: some task gets none. */
  function fill(order, wish, load) {
    const loads = [...load.values()], holder = new Map();
    const held = new Map([...load.keys()].map((id) => [id, []]));
    let waiting = order, cap = Math.min(...loads);
    const top = Math.max(...loads) + order.length;
    while (waiting.length && cap < top) {
      cap += 1;
      const dead = new Set(), still = [];
      for (const task of waiting) {
        const { came, end } = search(task, wish, held, load, cap, dead);
        if (end === null) {
          for (const id of came.keys()) dead.add(id);
          still.push(task);
          continue;
        }
        load.set(end, load.get(end) + 1);
        for (let id = end; ;) {
          const turned = came.get(id), before = holder.get(turned);
          holder.set(turned, id);
          held.get(id).push(turned);
          if (turned === task) break;
          held.get(before).splice(held.get(before).indexOf(turned), 1);
          id = before;
        }
      }
      // until some officer's load is less than the cap the same searches would fail again
      if (still.length === waiting.length) cap = Math.min(...[...load.values()].filter((n) => n >= cap));
      waiting = still;
    }
    return waiting.length ? null : holder;
  }

  function attempt(tool, ground, seed, rules, tasks, levels, number) {
    const opening = joined([seed, Uint8Array.of(number), lp(rules.dept)]);
    const order = ranked(tool, "sjc/task/1", opening, tasks.map((task) => task.c));
    const load = new Map([...ground.officers].map(([id, officer]) => [id, officer.load]));
    const teams = new Map(order.map((c) => [c, []]));
    for (const stage of rules.stages) {
      const wish = new Map();
      for (const [n, task] of tasks.entries()) {
        const relaxed = rules.relaxations.slice(0, levels[n]);
        const ids = free(ground, rules, stage, task, relaxed, teams.get(task.c));
        if (!ids.length) return null;
        const start = joined([opening, lp(stage[0]), tool.bytes(task.c)]);
        wish.set(task.c, ranked(tool, "sjc/pref/1", start, ids));
      }
      const holder = tasks.length ? fill(order, wish, load) : new Map();
      if (!holder) return null;
      for (const [c, id] of holder) teams.get(c).push(id);
    }
    return teams;
  }

  /* The rows of one department; null when no team can be made. */
  function staff(tool, ground, seed, rules, tasks) {
    const most = rules.relaxations.length, asked = new Map();
    let levels = tasks.map((task) => {
      for (let n = 0; n <= most; n++) {
        if (possible(tool, ground, rules, task, rules.relaxations.slice(0, n), asked)) return n;
      }
      return -1;
    });
    if (levels.includes(-1)) return null;
    for (;;) {
      for (let number = 0; number < 64; number++) {
        const teams = attempt(tool, ground, seed, rules, tasks, levels, number);
        if (!teams) continue;
        return tasks.flatMap((task, n) => rules.stages.map((stage, s) => ({
          task: task.c, dept: rules.dept, role: stage[0], officer: teams.get(task.c)[s],
          attempt: number, relaxed: rules.relaxations.slice(0, levels[n]),
        })));
      }
      if (levels.every((level) => level === most)) return null;
      levels = levels.map((level) => Math.min(level + 1, most));
    }
  }

  /* What stands after the draw: who goes to each task, and what was relaxed for it. */
  function asDrawn(selected, rows, witness) {
    const teams = new Map(selected.map((one) => [
      one.c, { cell: one.cell, places: new Map(), relaxed: new Map() },
    ]));
    for (const row of rows) {
      teams.get(row.task).places.set(place(row.dept, row.role), row.officer);
      teams.get(row.task).relaxed.set(row.dept, row.relaxed);
    }
    const used = new Map(witness ? [[witness.name, Number(witness.issue)]] : []);
    return { teams, gone: new Set(), used };
  }

  const lowest = (tool, seed, ids) => {
    const winner = ranked(tool, "sjc/ticket/1", seed, ids)[0];
    return { winner, ticket: tool.hex(tool.th("sjc/ticket/1", joined([seed, tool.bytes(winner)]))) };
  };

  /* Who may take a place, under the fewest further relaxations that leave anybody. */
  function candidates(ground, rules, c, team, label, need) {
    const stage = rules.stages.find((one) => one[0] === label);
    const own = rules.stages.map((one) => place(rules.dept, one[0]));
    const beside = own.filter((at) => at !== place(rules.dept, label))
      .map((at) => team.places.get(at)).filter((id) => id !== undefined);
    const taken = new Set(team.places.values());
    const from = (team.relaxed.get(rules.dept) || []).length;
    for (let count = from; stage && count <= rules.relaxations.length; count++) {
      const relaxed = rules.relaxations.slice(0, count), apart = !relaxed.includes("pair");
      const found = fit(ground, rules, stage[1], { cell: team.cell, c }, relaxed)
        .filter((id) => !taken.has(id) && !(apart && isBanned(ground, id, beside)));
      if (found.length) return { found, relaxed };
    }
    return need(false, `${rules.dept}的岗位 ${label} 已无人可替补`);
  }

  function replaceOfficer(tool, ground, standing, row, seed) {
    const team = standing.teams.get(row.task), at = place(row.dept, row.role);
    const rules = ground.rules.find((one) => one.dept === row.dept);
    tool.need(rules && team.places.get(at) === row.out, "该人员不在该检查组的这一岗位上");
    if (row.reason === "officer.recusal") ground.recused.add(`${row.out} ${row.task}`);
    else ground.officers.delete(row.out);
    const { found, relaxed } = candidates(ground, rules, row.task, team, row.role, tool.need);
    const { winner, ticket } = lowest(tool, seed, found);
    team.places.set(at, winner);
    team.relaxed.set(row.dept, relaxed);
    return { in: winner, ticket, relaxed, team };
  }

  function replaceEnterprise(tool, ground, standing, row, seed) {
    const old = standing.teams.get(row.task);
    tool.need(row.dept === "" && row.role === "" && row.out === row.task, "替补企业时不应写明人员");
    standing.gone.add(row.task);
    const left = ground.leaves.get(old.cell)
      .filter((c) => !standing.teams.has(c) && !standing.gone.has(c));
    tool.need(left.length, "同一抽取单元已无企业可替补");
    const { winner, ticket } = lowest(tool, seed, left);
    const team = { cell: old.cell, places: new Map(), relaxed: new Map(old.relaxed) };
    for (const rules of ground.rules) {
      const relaxed = old.relaxed.get(rules.dept), kept = [];
      for (const [label, role] of rules.stages) {
        const at = place(rules.dept, label), id = old.places.get(at);
        const fits = fit(ground, rules, role, { cell: old.cell, c: winner }, relaxed).includes(id);
        if (!fits || (!relaxed.includes("pair") && isBanned(ground, id, kept))) continue;
        kept.push(id);
        team.places.set(at, id);
      }
    }
    for (const rules of ground.rules) {
      for (const [label] of rules.stages) {
        const at = place(rules.dept, label);
        if (team.places.has(at)) continue;
        const { found, relaxed } = candidates(ground, rules, winner, team, label, tool.need);
        team.places.set(at, lowest(tool, seed, found).winner);
        team.relaxed.set(rules.dept, relaxed);
      }
    }
    standing.teams.delete(row.task);
    standing.teams.set(winner, team);
    const given = ground.rules.flatMap((rules) =>
      (team.relaxed.get(rules.dept) || []).map((one) => `${rules.dept}/${one}`));
    return { in: winner, ticket, relaxed: given, team };
  }

  const REQUEST = ["kind", "reason", "task", "dept", "role", "out", "request_leaf", "source", "issue", "bytes_hex"];

  /* The row that the request of `row` leads to, without its proof; `standing` and `ground` move on. */
  function replacement(tool, ground, standing, row, k, drawSeed, value) {
    const { need } = tool;
    const kind = Object.keys(REASONS).find((one) => REASONS[one].includes(row.reason));
    need(kind && row.kind === kind, "替补的理由未知");
    need(standing.teams.has(row.task), "该企业不在抽取结果中或已被替补");
    need(Number(row.issue) > (standing.used.get(row.source) || 0), "见证方哈希链的这个值已用过");
    standing.used.set(row.source, Number(row.issue));
    const seed = tool.th("sjc/rep/1", joined([drawSeed, number32(k), tool.bytes(row.request_leaf), value]));
    const choose = row.kind === "officer" ? replaceOfficer : replaceEnterprise;
    const made = choose(tool, ground, standing, row, seed);
    const order = ground.rules.flatMap((rules) =>
      rules.stages.map((stage) => place(rules.dept, stage[0])));
    const team = order.filter((at) => made.team.places.has(at))
      .map((at) => [at, made.team.places.get(at)]);
    const asked = Object.fromEntries(REQUEST.map((key) => [key, row[key]]));
    return {
      ...asked, k, in: made.in, seed: tool.hex(seed), ticket: made.ticket, relaxed: made.relaxed, team,
    };
  }

  return { readOfficers, staff, asDrawn, replacement, joined, number32 };
})();
