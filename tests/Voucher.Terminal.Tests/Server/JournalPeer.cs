using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Voucher.Core.Journals;
using Voucher.Core.Wire;

namespace Voucher.Terminal.Tests.Server;

/// <summary>The journal's part of the peer: gives receipts, checks the chain as the server does, and takes in what is provisional.</summary>
internal sealed class JournalPeer(County county, Func<ScanRequest, ScanAnswer?> takeIn, Func<byte[]> publicKey, int terminal) : IKnownChain
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, (JournalRecord Record, byte[] Hash)> _held = [];
    private readonly HashSet<Guid> _judged = [];
    private readonly Dictionary<Guid, ScanAnswer> _answers = [];

    /// <summary>Steps that a journal of an honest terminal never takes.</summary>
    public List<ChainStep> Strange { get; } = [];

    /// <summary>What it holds, in order.</summary>
    public List<JournalRecord> Held
    {
        get { lock (_gate) return [.. _held.Values.Select(one => one.Record)]; }
    }

    /// <summary>Scans that wait for a person: they are taken in, and not answered.</summary>
    public HashSet<Guid> Undecided { get; } = [];

    /// <summary>How long the line takes for an upload of so many entries; who asked may have gone before.</summary>
    public Func<int, TimeSpan> LineTakes { get; set; } = _ => TimeSpan.Zero;

    /// <summary>How many entries came with each upload that got through.</summary>
    public ConcurrentQueue<int> Uploads { get; } = [];

    /// <summary>So many uploads are answered in an alphabet that nobody knows.</summary>
    public int StrangeAnswers { get; set; }

    /// <summary>Nothing that is provisional is answered while this is set.</summary>
    public bool IsSlow { get; set; }

    /// <summary>The receipts it gives are signed by nobody.</summary>
    public bool GivesFalseReceipts { get; set; }

    public int Receipts { get; private set; }

    /// <param name="of">The journal of the terminal that asks; <c>null</c> when it may not.</param>
    public static void Map(WebApplication app, Func<HttpContext, JournalPeer?> of)
    {
        app.MapPost("/api/terminal/journal/receipt", (ReceiptRequest request, HttpContext http) => of(http) is { } journal ? Results.Ok(journal.Receipt(request)) : Results.Unauthorized());
        app.MapPost("/api/terminal/journal", async (JournalUpload upload, HttpContext http) =>
        {
            if (of(http) is not { } journal) return Results.Unauthorized();
            await Task.Delay(journal.LineTakes(upload.Entries.Count), http.RequestAborted);
            if (journal.StrangeAnswers == 0) return journal.Take(upload, http);
            journal.StrangeAnswers--;
            return ServerPeer.StrangeAlphabet();
        });
        app.MapPost("/api/terminal/journal/answers", (OfflineAnswersRequest asked, HttpContext http) => of(http) is { } journal ? Results.Ok(journal.Answers(asked)) : Results.Unauthorized());
    }

    /// <summary>The server was restored from a copy: it has forgotten what came after.</summary>
    public void ForgetAfter(long sequence)
    {
        lock (_gate)
            foreach (var later in _held.Keys.Where(held => held > sequence).ToList()) _held.Remove(later);
    }

    public byte[]? HashAt(long sequence) => _held.TryGetValue(sequence, out var held) ? held.Hash : null;

    public bool Holds(byte[] hash) => hash.All(one => one == 0) || _held.Values.Any(held => held.Hash.AsSpan().SequenceEqual(hash));

    private HeadReceipt Receipt(ReceiptRequest request)
    {
        lock (_gate) Receipts++;
        var at = DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        var plain = new HeadReceipt(terminal, request.Sequence, request.HeadHash, at, County.KeyId, new byte[ChainLink.SignatureLength]);
        return GivesFalseReceipts ? plain : plain with { Signature = county.Say(plain.Said()) };
    }

    private IResult Take(JournalUpload upload, HttpContext http)
    {
        Uploads.Enqueue(upload.Entries.Count);
        lock (_gate)
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(publicKey(), out _);
            foreach (var record in upload.Entries)
            {
                var head = _held.Count == 0 ? ChainHead.None : new ChainHead(_held.Keys.Last(), _held.Values.Last().Hash);
                switch (ChainCheck.Of(record, head, this, key))
                {
                    case ChainStep.Next(var hash):
                        _held.Add(record.Sequence, (record, hash));
                        break;
                    case ChainStep.Known:
                        break;
                    case ChainStep.Missing(var from):
                        http.Response.Headers[JournalLimits.SendFromHeader] = $"{from}";
                        return Results.Problem(statusCode: 409);
                    case ChainStep.RolledBack(var hash) step:
                        Strange.Add(step);
                        _held.Add(record.Sequence, (record, hash));
                        break;
                    case var step:
                        Strange.Add(step);
                        return Results.Problem(statusCode: 409);
                }
                if (record is { Kind: JournalEntryKind.Scan, IsProvisional: true } && _judged.Add(record.EntryId)) Judge(record);
            }
            return Results.Ok(new JournalUploadAnswer(_held.Keys.LastOrDefault()));
        }
    }

    private void Judge(JournalRecord record)
    {
        if (takeIn(JsonSerializer.Deserialize<ScanRequest>(record.Content, WebJson.Options)!) is { } answer) _answers[record.EntryId] = answer;
    }

    private OfflineAnswers Answers(OfflineAnswersRequest asked)
    {
        lock (_gate) return new OfflineAnswers(IsSlow ? [] : [.. asked.ScanIds.Where(id => _answers.ContainsKey(id) && !Undecided.Contains(id)).Select(id => _answers[id])]);
    }
}
