# The peer's side of one measurement, in plain OTP: `elixir peer.exs jobs drivers=100`. The same words
# and the same shapes of processes as runtime.ts; prints one line of JSON and ends.

defmodule Work do
  def sum(n), do: count(1, n, 0)
  defp count(n, n, total), do: total + n
  defp count(i, n, total), do: count(i + 1, n, total + i)

  def job(to), do: send(to, {:sum, sum(100)})

  def isolated_job do
    {_, ref} = spawn_monitor(Work, :job, [self()])

    receive do
      {:sum, _} -> Process.demonitor(ref, [:flush])
      {:DOWN, ^ref, _, _, _} -> false
    end
  end

  def driver(counter) do
    if isolated_job(), do: :counters.add(counter, 1, 1)
    driver(counter)
  end

  def client(counter, phase) do
    Process.sleep(phase)
    round_of(counter)
  end

  defp round_of(counter) do
    if isolated_job(), do: :counters.add(counter, 1, 1)
    Process.sleep(1000)
    round_of(counter)
  end

  def idle do
    receive do
      _ -> :ok
    end
  end

  def endless(1_000_000), do: endless(0)
  def endless(count), do: endless(count + 1)

  def probe(every, count) do
    begin = now()

    for at <- 1..count do
      due = begin + at * every * 1_000_000
      Process.sleep(max(div(due - now() + 999_999, 1_000_000), 0))
      isolated_job()
      now() - due
    end
  end

  def crash_driver(counter) do
    {_, ref} = spawn_monitor(fn -> :erlang.error(:crash) end)

    receive do
      {:DOWN, ^ref, _, _, _} -> :counters.add(counter, 1, 1)
    end

    crash_driver(counter)
  end

  # The ten busiest over a window, by the differences of two looks at all processes.
  def top(ms) do
    before = looked()
    Process.sleep(ms)

    for {pid, reductions} <- looked() do
      {reductions - Map.get(before, pid, 0), pid}
    end
    |> Enum.sort(:desc)
    |> Enum.take(10)
  end

  defp looked do
    for pid <- Process.list(), {:reductions, count} <- [Process.info(pid, :reductions)], into: %{} do
      {pid, count}
    end
  end

  def now, do: :erlang.monotonic_time(:nanosecond)
end

defmodule SumServer do
  use GenServer
  def start_link(_), do: GenServer.start_link(__MODULE__, nil, name: __MODULE__)
  @impl true
  def init(_), do: {:ok, nil}
  @impl true
  def handle_call(n, _from, state), do: {:reply, Work.sum(n), state}
end

defmodule Measure do
  def run("jobs", given) do
    counter = :counters.new(1, [:write_concurrency])
    for _ <- 1..get(given, "drivers", 100), do: spawn(Work, :driver, [counter])
    rate(counter, given)
  end

  def run("clients", given) do
    counter = :counters.new(1, [:write_concurrency])
    start_clients(get(given, "clients", 100_000), counter)
    rate(counter, given)
  end

  def run("turns", _given) do
    took =
      for _ <- 1..5 do
        begin = Work.now()
        Work.sum(20_000_000)
        (Work.now() - begin) / 20_000_000
      end

    %{nsPerTurn: Float.round(took |> Enum.sort() |> Enum.at(2), 2)}
  end

  def run("crashes", given) do
    Logger.configure(level: :none)
    :logger.set_primary_config(:level, :none)
    counter = :counters.new(1, [:write_concurrency])
    for _ <- 1..100, do: spawn(Work, :crash_driver, [counter])
    rate(counter, given)
  end

  def run("top", given) do
    for _ <- 1..get(given, "processes", 100_000), do: spawn(Work, :idle, [])
    for _ <- 1..10, do: spawn(Work, :endless, [0])
    Process.sleep(1000)

    percentiles(
      for _ <- 1..20 do
        begin = Work.now()
        Work.top(100)
        took = Work.now() - begin - 100_000_000
        Process.sleep(20)
        took
      end
    )
  end

  def run("stack", given) do
    for _ <- 2..get(given, "endless", 10)//1, do: spawn(Work, :endless, [0])
    whom = spawn(Work, :endless, [0])
    Process.sleep(500)

    percentiles(
      for _ <- 1..500 do
        begin = Work.now()
        Process.info(whom, :current_stacktrace)
        took = Work.now() - begin
        Process.sleep(2)
        took
      end
    )
  end

  def run("idle", given) do
    count = get(given, "processes", 100_000)
    :erlang.garbage_collect()
    {vm, rss} = {:erlang.memory(:processes), rss_bytes()}
    for _ <- 1..count, do: spawn(Work, :idle, [])
    Process.sleep(1000)
    :erlang.garbage_collect()

    %{
      bytesPerProcess: div(:erlang.memory(:processes) - vm, count),
      rssBytesPerProcess: div(rss_bytes() - rss, count)
    }
  end

  def run("beside", given) do
    for _ <- 1..get(given, "endless", 0)//1, do: spawn(Work, :endless, [0])
    clients = get(given, "clients", 0)
    start_clients(clients, :counters.new(1, [:write_concurrency]))
    Process.sleep(if(clients > 0, do: 3000, else: 500))
    percentiles(Work.probe(10, get(given, "probes", 400)))
  end

  def run("restart", given) do
    {:ok, _} = Supervisor.start_link([SumServer], strategy: :one_for_one, max_restarts: 1_000_000)
    Process.sleep(200)
    percentiles(for _ <- 1..get(given, "kills", 1000), do: kill())
  end

  defp start_clients(0, _counter), do: :ok

  defp start_clients(clients, counter) do
    for at <- 0..(clients - 1), do: spawn(Work, :client, [counter, div(at * 1000, clients)])
  end

  defp kill do
    GenServer.call(SumServer, 100)
    killed = Work.now()
    Process.exit(Process.whereis(SumServer), :kill)
    until_answered()
    took = Work.now() - killed
    Process.sleep(2)
    took
  end

  defp until_answered do
    GenServer.call(SumServer, 100)
  catch
    :exit, _ ->
      :erlang.yield()
      until_answered()
  end

  defp rate(counter, given) do
    Process.sleep(get(given, "warm", 2) * 1000)
    {count0, cpu0, wall0} = {:counters.get(counter, 1), cpu_seconds(), Work.now()}
    Process.sleep(get(given, "seconds", 4) * 1000)
    seconds = (Work.now() - wall0) / 1.0e9
    jobs = :counters.get(counter, 1) - count0

    %{
      jobsPerSecond: round(jobs / seconds),
      cpuSecondsPerMillion: Float.round((cpu_seconds() - cpu0) / jobs * 1.0e6, 3),
      rssMb: div(rss_bytes(), 1024 * 1024)
    }
  end

  defp percentiles(took) do
    sorted = took |> Enum.sort() |> List.to_tuple()
    n = tuple_size(sorted)
    at = fn share -> Float.round(elem(sorted, min(n - 1, ceil(share * n) - 1)) / 1.0e6, 4) end
    %{n: n, p50Ms: at.(0.5), p99Ms: at.(0.99), maxMs: at.(1.0)}
  end

  # All threads of this VM, user and system, in seconds.
  defp cpu_seconds do
    {:ok, stat} = File.read("/proc/self/stat")
    [_, rest] = String.split(stat, ") ", parts: 2)
    [user, system] = rest |> String.split() |> Enum.slice(11, 2) |> Enum.map(&String.to_integer/1)
    (user + system) / 100
  end

  defp rss_bytes do
    {:ok, status} = File.read("/proc/self/status")
    [_, rest] = String.split(status, "VmRSS:", parts: 2)
    (rest |> String.split() |> hd() |> String.to_integer()) * 1024
  end

  def get(given, name, otherwise) do
    case given do
      %{^name => text} -> String.to_integer(text)
      _ -> otherwise
    end
  end
end

[measure | words] = System.argv()
given = Map.new(words, fn word -> word |> String.split("=") |> List.to_tuple() end)
fields = Measure.run(measure, given) |> Map.merge(given)

json =
  Enum.map_join(Map.merge(fields, %{measure: measure, runtime: "beam"}), ",", fn {key, value} ->
    "\"#{key}\":" <> if(is_binary(value), do: "\"#{value}\"", else: to_string(value))
  end)

IO.puts("{#{json}}")
System.halt(0)
