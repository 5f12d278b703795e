/** The same function, which finds each answer once: for lists in which few values come again and again. */
export const remembering = <Value, Answer>(answerTo: (value: Value) => Answer): ((value: Value) => Answer) => {
  const answers = new Map<Value, Answer>();
  return (value) => {
    let answer = answers.get(value);
    if (answer === undefined) {
      answer = answerTo(value);
      answers.set(value, answer);
    }
    return answer;
  };
};
