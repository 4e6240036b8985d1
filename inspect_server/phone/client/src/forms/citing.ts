/** How citations stand beside each other: a law is named once for all of its articles in a row. */

const CITATION = /^(《[^》]+》(?:（[^）]*）)?)(第[^条]+条)(.*)$/su;

/** Return citations as one text: 《甲法》第一条、第三条第一款、第二款；《乙法》第五条. */
export function joinCitations(citations: readonly string[]): string {
  return byLaw(citations).join("；");
}

/** Return one text for each law and its articles in a row; a repeated citation counts once. */
export function byLaw(citations: readonly string[]): string[] {
  const said: string[] = [];
  let lawBefore = "";
  let articleBefore = "";
  for (const citation of new Set(citations)) {
    const [, law = "", article = "", part = ""] = CITATION.exec(citation) ?? [];
    if (law === "" || law !== lawBefore) {
      said.push(citation);
    } else {
      const isSame = article === articleBefore && part !== "";
      said[said.length - 1] += isSame ? `、${part}` : `、${article}${part}`;
    }
    lawBefore = law;
    articleBefore = article;
  }
  return said;
}
