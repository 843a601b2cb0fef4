using Voucher.Core.Refusals;

namespace Voucher.Server.Tests.Policies;

/// <summary>A table of what offices do on a day without a rule: refused with 845, or gone on with. Run in the order given.</summary>
internal sealed class GapActs
{
    private readonly List<(string Name, RefusalCode Expected, Func<Task<RefusalCode>> Run)> _acts = [];

    public void Refused<T>(string act, Func<Task<Outcome<T>>> run) => Add(act, RefusalCode.NoRuleInForce, run);

    public void GoesOn<T>(string act, Func<Task<Outcome<T>>> run) => Add(act, RefusalCode.None, run);

    public void Refused(string act, Func<Task<HttpResponseMessage>> run) => Add(act, RefusalCode.NoRuleInForce, run);

    public void GoesOn(string act, Func<Task<HttpResponseMessage>> run) => Add(act, RefusalCode.None, run);

    /// <summary>Tries all of them, and names each that went otherwise than the table says.</summary>
    public async Task AssertAsync()
    {
        List<string> faults = [];
        foreach (var (name, expected, run) in _acts)
        {
            var code = await run();
            if (code != expected) faults.Add($"{name}: {code}, not {expected}");
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private void Add<T>(string act, RefusalCode expected, Func<Task<Outcome<T>>> run) => _acts.Add((act, expected, async () => await run() switch
    {
        Outcome<T>.Done => RefusalCode.None,
        Outcome<T>.Refused(var refusal) => refusal.Code,
        var outcome => throw new InvalidOperationException($"{act}: {outcome}"),
    }));

    private void Add(string act, RefusalCode expected, Func<Task<HttpResponseMessage>> run) => _acts.Add((act, expected, async () =>
    {
        using var answer = await run();
        return answer.IsSuccessStatusCode ? RefusalCode.None : await Problem.RefusalAsync(answer);
    }));
}
