/** What the server of today lets a phone pull of one task, as docs/sync.md has it. */

export const TASK = "0198aaaa-0000-4000-8000-000000000001";
export const FORM = "dust@1";
export const USERS = {
  lead: "0198cccc-0000-4000-8000-000000000001",
  member: "0198cccc-0000-4000-8000-000000000002",
};
const ENTERPRISE = "0198eeee-0000-4000-8000-000000000001";
const LAW = {
  code: "T",
  title: "工贸企业粉尘防爆安全规定",
  number: "令第6号",
  effective_from: "2021-09-01",
  effective_until: null,
  verified: true,
  source: "公报",
};
const BASIS = [{ law: LAW, article: "第十五条", verified: true }];

function item(code: string, question: string): object {
  return {
    code,
    kind: "check",
    question,
    how_to_check: "现场查看",
    basis: BASIS,
    major: "no",
    major_needs: [],
    major_note: "",
    device_clause: false,
    penalties: [],
    rectify: "rectify.default",
    finding: `${question}不符合要求`,
    photos_on_failure: 1,
    correctable_on_site: true,
    verification: "",
  };
}

const TEAM = [
  { role: "lead", name: "张建国", cert_no: "32079900001" },
  { role: "member", name: "李慧敏", cert_no: "32079900002" },
].map((one) => {
  const user_id = USERS[one.role as keyof typeof USERS];
  return { ...one, user_id, officer_id: user_id.replace("cccc", "dddd"), unit: "一科" };
});

const TASK_BODY = {
  id: TASK,
  number: "2026-0007",
  state: "dispatched",
  source: "draw",
  visit_from: "2026-03-02",
  visit_to: "2026-03-31",
  form_set: FORM,
  forms: [{ name: "dust", version: 1, content_sha256: "0".repeat(64) }],
  scheme: { enterprise: "云湾木业有限公司", contents: ["粉尘涉爆"], methods: ["现场检查"] },
  enterprise_id: ENTERPRISE,
  team: TEAM,
  others: [],
};

const ENTERPRISE_BODY = {
  id: ENTERPRISE,
  uscc: "91320799MA1WXY7K2F",
  name: "云湾木业有限公司",
  legal_person: "钱大",
  address: "云湾区港前路1号",
  division: "320799",
  division_name: "云湾区",
  industry_code: "C20",
  sectors: ["dust_explosion"],
  risk: "yellow",
  credit: "B",
  standardisation: "first",
  is_key: false,
  longitude: "119.200000",
  latitude: "34.600000",
  datum: "GCJ-02",
  contacts: [{ name: "孙联系", position: "安全员", phone: "13900000000" }],
  history: [],
  open_hazards: [],
};

const FORM_BODY = {
  name: "dust",
  version: 1,
  title: "粉尘涉爆检查表",
  effective_from: "2024-01-01",
  retired_on: null,
  sectors: ["dust_explosion"],
  device_clause: null,
  content_sha256: "0".repeat(64),
  sections: [
    {
      title: "一、除尘系统",
      items: [
        item("D01", "积尘及时清扫"),
        item("D02", "除尘器设置泄爆装置"),
        item("D03", "电气设备防爆"),
      ],
    },
  ],
};

const LAW_BODY = {
  id: "rectify.default",
  title: "责令限期整改的默认期限",
  unit: "natural_days",
  value: 15,
  since: "2024-01-01",
  source: "测试",
  verified: true,
  note: "",
  rolls_over: false,
};

/** Of each document its id, scope, kind and body. */
export const DOCUMENTS = [
  [`task/${TASK}`, `inspection/${TASK}`, "task", TASK_BODY],
  [`enterprise/${ENTERPRISE}`, `enterprise/${ENTERPRISE}`, "enterprise", ENTERPRISE_BODY],
  [`form/${FORM}`, `form/${FORM}`, "form", FORM_BODY],
  ["law/rectify.default", "law", "law", LAW_BODY],
] as const;
