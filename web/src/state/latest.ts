// Answers come in any order. What an older question brings must not stand where the answer to a newer one belongs.

export class Latest {
  #asked = 0;
  #taken = 0;

  /** Takes the answer, unless something else was asked since; then its failure is of no interest either. True if it was taken. */
  async ask<Answer>(answer: Promise<Answer>, take: (answer: Answer) => void): Promise<boolean> {
    const mine = ++this.#asked;
    let given: Answer;
    try {
      given = await answer;
    } catch (error) {
      if (mine === this.#asked) throw error;
      return false;
    }
    if (mine !== this.#asked) return false;
    this.#taken = mine;
    take(given);
    return true;
  }

  /** For the same question asked again and again: takes the answer, unless that to a later question was taken already. */
  async inOrder<Answer>(answer: Promise<Answer>, take: (answer: Answer) => void): Promise<boolean> {
    const mine = ++this.#asked;
    let given: Answer;
    try {
      given = await answer;
    } catch (error) {
      if (mine > this.#taken) throw error;
      return false;
    }
    if (mine <= this.#taken) return false;
    this.#taken = mine;
    take(given);
    return true;
  }

  /** Nothing that was asked so far is wanted any more. */
  drop(): void {
    this.#taken = ++this.#asked;
  }
}
