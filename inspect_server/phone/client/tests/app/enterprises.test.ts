/** What is told of an enterprise at its gate. */

import { createSSRApp } from "vue";
import { renderToString } from "vue/server-renderer";
import { describe, expect, test } from "vitest";
import CapTold from "../../src/app/pages/task/CapTold.vue";
import type { EnterpriseBody, Hazard, TaskBody } from "../../src/app/reading/bodies.ts";
import {
  checksOf,
  frequency,
  frequencyBefore,
  industryOf,
  isAtCap,
  mapLinks,
  openHazards,
} from "../../src/app/reading/enterprises.ts";
import { disciplineOf, reliefOf } from "../../src/app/reading/rules.ts";
import { RECTIFIED } from "../../src/app/words/task.ts";

const DAY = "2026-03-10";

function hazard(values: Partial<Hazard>): Hazard {
  return {
    inspection: "2026-0001",
    found_on: "2026-03-01",
    level: "general",
    text: "",
    place: "",
    basis: "",
    measure: "rectify_within",
    state: "ordered",
    order_no: "",
    deadline: "2026-03-20",
    is_supervised: false,
    ...values,
  };
}

function enterprise(values: Partial<EnterpriseBody>): EnterpriseBody {
  return {
    id: "",
    uscc: "",
    name: "云湾木业有限公司",
    legal_person: "",
    address: "振园路 53 号",
    division_name: "",
    industry_code: "",
    sectors: [],
    risk: "red",
    credit: "A",
    standardisation: "none",
    is_key: false,
    longitude: "119.2215",
    latitude: "34.5684",
    datum: "WGS-84",
    contacts: [],
    history: [],
    open_hazards: [],
    ...values,
  };
}

describe("what is left to rectify", () => {
  test("is overdue the day after its deadline; what was to be done at once, the day after", () => {
    const shown = openHazards(
      enterprise({
        open_hazards: [
          hazard({ text: "today", deadline: DAY }),
          hazard({ text: "yesterday", deadline: "2026-03-09" }),
          hazard({ text: "at once", deadline: "" }),
          hazard({ text: "at once, today", deadline: "", found_on: DAY }),
        ],
      }),
      DAY,
    );

    const overdue = shown.filter((one) => one.overdue).map((one) => one.text);
    expect(overdue.sort()).toEqual(["at once", "yesterday"]);
  });

  test("begins with what is overdue, of that with the 重大", () => {
    const shown = openHazards(
      enterprise({
        open_hazards: [
          hazard({ text: "general" }),
          hazard({ text: "major", level: "major" }),
          hazard({ text: "late", deadline: "2026-03-01" }),
          hazard({ text: "late major", level: "major", deadline: "2026-03-02" }),
        ],
      }),
      DAY,
    );

    expect(shown.map((one) => one.text)).toEqual(["late major", "late", "major", "general"]);
  });
});

describe("checks of a year", () => {
  const checked = enterprise({
    history: [
      { number: "2026-0007", checked_on: "2026-03-10", source: "complaint" },
      { number: "2026-0002", checked_on: "2026-02-01", source: "draw" },
      { number: "2025-0009", checked_on: "2025-12-31", source: "draw" },
    ],
  });

  test("are those of the year", () => {
    expect(checksOf(checked, "2026").map((one) => one.number)).toEqual(["2026-0007", "2026-0002"]);
  });

  test("count against the cap without the own visit, and never fewer than the scheme knew", () => {
    const scheme = { checks_this_year: 0, cap: 4 };

    expect(frequency(checked, scheme, "2026-0007", "2026")).toEqual({ before: 1, cap: 4 });
    expect(frequency(checked, { ...scheme, checks_this_year: 3 }, "2026-0007", "2026").before).toBe(
      3,
    );
    expect(frequency(checked, {}, "2026-0007", "2026").cap).toBeNull();
  });
});

describe("the cap", () => {
  const counted = { checked_on: "2026-02-01", source: "draw" };

  test("counts what counts, and whatever an earlier server told nothing more of", () => {
    const checked = enterprise({
      history: [
        { ...counted, number: "1", counts: true },
        { ...counted, number: "2", counts: false },
        { ...counted, number: "3" },
      ],
    });

    expect(frequency(checked, {}, "9", "2026").before).toBe(2);
  });

  test("is reached by as many checks as it allows, and by none where there is none", () => {
    expect(isAtCap({ before: 3, cap: 4 })).toBe(false);
    expect(isAtCap({ before: 4, cap: 4 })).toBe(true);
    expect(isAtCap({ before: 0, cap: 0 })).toBe(true);
    expect(isAtCap({ before: 9, cap: null })).toBe(false);
  });
});

test("what a task says of the cap holds where its enterprise is not on the phone", () => {
  const scheme = { checks_this_year: 3, cap: 4 };
  const task = { number: "9", visit_from: "2026-03-02", scheme } as TaskBody;
  const history = ["1", "2", "3", "4", "9"].map((number) => {
    return { number, checked_on: "2026-02-01", source: "draw" };
  });

  expect(frequencyBefore(task, null)).toEqual({ before: 3, cap: 4 });
  expect(frequencyBefore(task, enterprise({ history }))).toEqual({ before: 4, cap: 4 });
});

describe("where the cap is reached", () => {
  const frequency = {
    is_exempt: true,
    basis: "应急〔2025〕11 号",
    verified: false,
    approved_by: "周批准",
    approved_at: "2026-03-01T09:00:00+08:00",
  };
  const scheme = { checks_this_year: 4, cap: 4, remark: "李某举报" };
  const task = { number: "9", visit_from: "2026-03-02", source: "complaint", scheme, frequency };
  const told = async (values: object, turned = false): Promise<string> => {
    const props = { task: { ...task, ...values }, enterprise: null, turned };
    return await renderToString(createSSRApp(CapTold, props));
  };

  test("officers read why it does not hold, the reason and who approved", async () => {
    const said = await told({});
    for (const text of ["已达年度检查频次上限", "不受年度上限限制", "李某举报", "周批准"]) {
      expect(said).toContain(text);
    }
  });

  test("the enterprise reads neither that nor by whom it was reported, nor remarks", async () => {
    const said = await told({}, true);
    expect(said).toContain("本次检查依照规定不受年度上限限制");
    expect(said).toContain("周批准");
    for (const text of ["李某", "举报", "来源", "应急〔2025〕11 号", "核对"]) {
      expect(said).not.toContain(text);
    }
    expect(said).toBe(await told({ source: "assigned" }, true));
  });

  test("a check that counts warns officers, and nothing is said below the cap", async () => {
    const held = { frequency: { ...frequency, is_exempt: false } };
    expect(await told(held)).toContain("计入频次");
    expect(await told(held, true)).not.toContain("已达");
    expect(await told({ scheme: { ...scheme, cap: 5 } })).not.toContain("已达");
  });
});

describe("what the bureau says of itself", () => {
  const law = {
    id: "law/x",
    title: "",
    source: "国办发〔2024〕54号",
    verified: false,
    value: ["严禁逐利检查", "", 1],
  };

  test("binds whoever checks, with its source and whether anybody compared it", () => {
    const discipline = { ...law, id: "document.inspection_discipline" };

    expect(disciplineOf([law, discipline])).toEqual({
      rules: ["严禁逐利检查"],
      source: "国办发〔2024〕54号",
      isVerified: false,
    });
    expect(disciplineOf([law])).toBeUndefined();
    expect(disciplineOf([{ ...discipline, value: "严禁" }])).toBeUndefined();
    expect(disciplineOf([{ ...discipline, value: [] }])).toBeUndefined();
  });

  test("leads nowhere where nobody configured it, or an earlier server told nothing", () => {
    const bureau = { authority: "", address: "", phone: "", complaint_phone: "12345", relief: "" };

    expect(reliefOf([bureau])).toEqual({ phone: "12345", sentence: "" });
    expect(reliefOf([])).toEqual({ phone: "", sentence: "" });
  });
});

test("an industry is told with its 门类 where that is known", () => {
  expect(industryOf(enterprise({ industry_code: "C2614" }))).toBe("C2614");
  expect(industryOf(enterprise({ industry_code: "C2614", industry_section: "制造业" }))).toBe(
    "C2614（制造业）",
  );
});

test("what was put right is told as far as somebody said so", () => {
  expect(RECTIFIED.how("on_site", "3月1日", "")).toBe("3月1日当场改正");
  expect(RECTIFIED.how("rechecked", "4月1日", "2026-0002")).toBe("4月1日复查合格");
  expect(RECTIFIED.how("not_found_again", "4月1日", "2026-0002")).toContain("未再列出");
});

describe("a map", () => {
  const links = (values: Partial<EnterpriseBody>, hasGeo = true): Record<string, string> =>
    Object.fromEntries(
      mapLinks(enterprise(values), { hasGeo }).map((one) => [one.kind, one.href]),
    );

  test("opens at the place", () => {
    const { geo, amap } = links({});

    expect(geo).toBe("geo:34.5684,119.2215?q=34.5684,119.2215");
    expect(amap).toContain("position=119.2215,34.5684");
    expect(amap).toContain("coordinate=wgs84");
    expect(decodeURIComponent(amap ?? "")).toContain("name=云湾木业有限公司");
  });

  test("knows the datum of Chinese maps, which the phone's own has not", () => {
    const { geo, amap } = links({ datum: "GCJ-02" });

    expect(amap).toContain("coordinate=gaode");
    expect(geo).toBe(`geo:0,0?q=${encodeURIComponent("振园路 53 号 云湾木业有限公司")}`);
  });

  test("searches for the address where no place is known", () => {
    const { geo, amap } = links({ latitude: "", longitude: "" });

    expect(geo).toContain("geo:0,0?q=");
    expect(amap).toContain("/search?keyword=");
  });

  test("is none of the phone's own where it has no such links", () => {
    expect(Object.keys(links({}, false))).toEqual(["amap"]);
  });
});
