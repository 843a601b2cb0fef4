using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Voucher.Core.Refusals;
using Voucher.Core.Regions;
using Voucher.Core.Tokens;

namespace Voucher.Core.Tests.Tokens;

public sealed class KeyListTests : IDisposable
{
    private readonly ECDsa _root = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly KeyList _list = new(622926, 3, [TokenSample.Key, TokenSample.Key with { Id = 8, Revoked = true }]);

    private byte[] RootPublicKey => _root.ExportSubjectPublicKeyInfo();

    [Fact]
    public void A_list_that_the_root_signed_opens_with_all_its_keys()
    {
        var opened = _list.SignWith(_root).Open(RootPublicKey, TokenSample.Dongxiang);
        Assert.NotNull(opened);
        Assert.Equal((622926, 3, 2), (opened.Region, opened.Version, opened.Keys.Count));
        foreach (var (before, after) in _list.Keys.Zip(opened.Keys))
        {
            Assert.Equal(before.PublicKey, after.PublicKey);
            Assert.Equal(before, after with { PublicKey = before.PublicKey });
        }
    }

    [Fact]
    public void An_opened_list_verifies_tokens()
    {
        using var ring = new KeyRing(_list.SignWith(_root).Open(RootPublicKey, TokenSample.Dongxiang)!);
        Assert.Equal(RefusalCode.None, ring.Verify(TokenSample.Token, TokenSample.Today));
    }

    [Fact]
    public void It_survives_the_wire()
    {
        var sent = JsonSerializer.Serialize(_list.SignWith(_root));
        var received = JsonSerializer.Deserialize<SignedKeyList>(sent)!;
        Assert.NotNull(received.Open(RootPublicKey, TokenSample.Dongxiang));
    }

    [Fact]
    public void Another_root_does_not_open_it()
    {
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Null(_list.SignWith(_root).Open(stranger.ExportSubjectPublicKeyInfo(), TokenSample.Dongxiang));
        Assert.Null(_list.SignWith(stranger).Open(RootPublicKey, TokenSample.Dongxiang));
    }

    [Fact]
    public void A_list_of_another_region_is_refused()
    {
        Assert.Null(_list.SignWith(_root).Open(RootPublicKey, new RegionCode(622927)));
    }

    [Fact]
    public void Every_changed_byte_of_content_or_signature_is_refused()
    {
        var signed = _list.SignWith(_root);
        for (var i = 0; i < signed.Content.Length; i++)
            Assert.Null((signed with { Content = Changed(signed.Content, i) }).Open(RootPublicKey, TokenSample.Dongxiang));
        for (var i = 0; i < signed.Signature.Length; i++)
            Assert.Null((signed with { Signature = Changed(signed.Signature, i) }).Open(RootPublicKey, TokenSample.Dongxiang));
    }

    [Fact]
    public void Signatures_and_contents_of_other_lengths_are_refused()
    {
        var signed = _list.SignWith(_root);
        for (var length = 0; length < signed.Signature.Length; length++)
            Assert.Null((signed with { Signature = signed.Signature[..length] }).Open(RootPublicKey, TokenSample.Dongxiang));
        Assert.Null((signed with { Signature = [.. signed.Signature, 0] }).Open(RootPublicKey, TokenSample.Dongxiang));
        Assert.Null((signed with { Content = [] }).Open(RootPublicKey, TokenSample.Dongxiang));
    }

    [Fact]
    public void A_damaged_root_key_opens_nothing_and_never_throws()
    {
        var signed = _list.SignWith(_root);
        var random = new Random(1);
        for (var i = 0; i < RootPublicKey.Length; i++)
        {
            Assert.Null(signed.Open(RootPublicKey.AsSpan(0, i), TokenSample.Dongxiang));
            // Of a key whose last bit is 0, "one unused bit" before the point is but another spelling.
            if (i != RootPublicKey.Length - 66) Assert.Null(signed.Open(Changed(RootPublicKey, i), TokenSample.Dongxiang));
        }
        for (var i = 0; i < 2_000; i++)
        {
            var noise = new byte[random.Next(0, 200)];
            random.NextBytes(noise);
            Assert.Null(signed.Open(noise, TokenSample.Dongxiang));
        }
    }

    [Fact]
    public void Keys_of_other_kinds_are_no_root()
    {
        using var rsa = RSA.Create(2048);
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var signed = _list.SignWith(_root);
        Assert.Null(signed.Open(rsa.ExportSubjectPublicKeyInfo(), TokenSample.Dongxiang));
        Assert.Null(signed.Open(p384.ExportSubjectPublicKeyInfo(), TokenSample.Dongxiang));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"Region\":\"x\"}")]
    [InlineData("{\"Region\":622926,\"Version\":1,\"Keys\":[{\"Id\":256}]}")]
    [InlineData("{\"Region\":622926,\"Version\":1,\"Keys\":null}")]
    [InlineData("{\"Region\":622926,\"Version\":1}")]
    [InlineData("\uFFFF")]
    public void What_is_no_key_list_is_refused_though_the_root_signed_it(string text)
    {
        var content = Encoding.UTF8.GetBytes(text);
        var signature = _root.SignData(content, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        Assert.Null(new SignedKeyList(content, signature).Open(RootPublicKey, TokenSample.Dongxiang));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"Content\":null,\"Signature\":null}")]
    [InlineData("{\"Content\":\"AAAA\"}")]
    [InlineData("{\"Signature\":\"AAAA\"}")]
    public void A_message_without_content_or_signature_is_refused_and_does_not_throw(string message)
    {
        Assert.Null(JsonSerializer.Deserialize<SignedKeyList>(message)!.Open(RootPublicKey, TokenSample.Dongxiang));
    }

    public void Dispose() => _root.Dispose();

    private static byte[] Changed(byte[] bytes, int at)
    {
        var copy = bytes.ToArray();
        copy[at] ^= 1;
        return copy;
    }
}
