/** Keeps the highest `size` of the positive numbers offered to it; a binary heap with the lowest on top. */
export interface LowestHeap {
  offer(value: number): void;
  /** The lowest number kept; 0 while fewer than `size` are. */
  lowest(): number;
}

export function createLowestHeap(size: number): LowestHeap {
  const heap = new Float64Array(size);
  let count = 0;
  let floor = 0;

  function swap(first: number, second: number): void {
    const value = heap[first] ?? 0;
    heap[first] = heap[second] ?? 0;
    heap[second] = value;
  }

  function rise(start: number): void {
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if ((heap[parent] ?? 0) <= (heap[index] ?? 0)) return;
      swap(parent, index);
      index = parent;
    }
  }

  function sink(): void {
    let index = 0;
    for (;;) {
      const left = index * 2 + 1;
      const right = left + 1;
      let smallest = index;
      if (left < count && (heap[left] ?? 0) < (heap[smallest] ?? 0)) smallest = left;
      if (right < count && (heap[right] ?? 0) < (heap[smallest] ?? 0)) smallest = right;
      if (smallest === index) return;
      swap(index, smallest);
      index = smallest;
    }
  }

  return {
    offer(value) {
      if (value <= floor) return;
      if (count < size) {
        heap[count] = value;
        count += 1;
        rise(count - 1);
      } else {
        heap[0] = value;
        sink();
      }
      if (count === size) floor = heap[0] ?? 0;
    },
    lowest: () => (count < size ? 0 : (heap[0] ?? 0)),
  };
}
