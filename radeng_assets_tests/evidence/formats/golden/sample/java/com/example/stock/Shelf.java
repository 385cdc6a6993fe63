package com.example.stock;

public class Shelf implements Runnable {
    private int count;

    public int add(int items) {
        if (items < 0) {
            throw new IllegalArgumentException("negative");
        }
        count += items;
        return count;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    @Override
    public void run() {
        if (add(2) != 2) { throw new IllegalStateException(); }
    }
}
