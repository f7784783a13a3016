"""What an evidence pack says for itself: how to check it, and the script that does, by sha256sum and openssl."""

from __future__ import annotations

README = """\
GÓI CHỨNG CỨ CỦA MỘT VĂN BẢN

Văn bản: {title}
Mã trong kho: {document}
Tiếp nhận: {received}
Tệp gốc: {original}
SHA-256 của tệp gốc: {sha256}

Gói này tự nó đủ để kiểm tra, không cần phần mềm văn khố. Máy kiểm tra chỉ cần có
sh, sha256sum và openssl (máy Linux nào cũng có).

KIỂM TRA TẤT CẢ BẰNG MỘT LỆNH
    sh kiem-tra.sh
Nếu có chứng thư gốc của dịch vụ dấu thời gian và của nơi cấp chữ ký số (lấy từ chính các nơi ấy, không lấy từ
gói này; có thể để chung trong một tệp PEM):
    sh kiem-tra.sh CHUNG-THU-GOC.pem

KIỂM TRA TỪNG BƯỚC BẰNG TAY
1. Các tệp trong gói còn nguyên:
       sha256sum -c manifest-sha256.txt
2. Sổ sự kiện có ghi đúng tệp gốc này: trong so/ có dòng "received" mang mã SHA-256 ở trên.
3. Các dòng sổ ấy nằm dưới gốc cây băm của mốc sổ số {number} (RFC 9162): kiem-tra.sh tính lại từ so/*.json
   và so/*.duong-dan. Lá là SHA-256 của byte 00 và dòng sổ; nút là SHA-256 của byte 01, nút trái, nút phải.
   Mỗi dòng của tệp .duong-dan là một nút bên cạnh (base64); T là ở bên trái, P là ở bên phải.
4. Gốc cây băm khớp bản in của mốc sổ đã ký và lưu ở cơ quan (moc/checkpoint.txt):
       {root}
   Bản in giữ ngoài máy là bằng chứng sổ không bị viết lại sau ngày lập mốc.
5. Dấu thời gian của mốc sổ ({stamped}):
       openssl ts -verify -data moc/checkpoint.json -in moc/timestamp.tsr -CAfile CHUNG-THU-GOC.pem
6. Chữ ký số của tệp PDF (nếu có, trong chu-ky/): N.p7s là chữ ký lấy nguyên từ tệp gốc, N.pham-vi là bốn số của
   phạm vi ký (đầu, dài, đầu, dài). Ghép hai đoạn ấy của tệp gốc rồi kiểm tra:
       openssl cms -verify -inform DER -in chu-ky/1.p7s -binary -content HAI-ĐOẠN -CAfile CHUNG-THU-GOC.pem
           -certfile chu-ky/chung-thu.pem -purpose any -attime LÚC-NHẬN -out /dev/null
   Lúc nhận (chu-ky/luc-nhan, giây từ 1970) được sổ sự kiện và mốc sổ chứng minh: chứng thư cần còn hạn lúc ấy.
   Phần tệp nằm sau phạm vi ký không do chữ ký ấy bảo đảm; báo cáo trong kem-theo/ nói rõ đã thêm gì.

TRONG GÓI CÓ
    goc/                 tệp gốc, từng byte như khi tiếp nhận
    chu-ky/              chữ ký số lấy nguyên từ tệp PDF, chuỗi chứng thư và danh sách thu hồi giữ khi nhận (nếu có)
    van-ban.txt          chữ đọc được từ tệp gốc (phần mềm đọc, để tiện xem)
    thong-tin.json       số, ngày, cơ quan, người ký, trích yếu; ai nhận, khi nào, bằng cách nào
    lien-ket.json        văn bản được dẫn và văn bản dẫn đến nó
    kem-theo/            báo cáo kiểm tra chữ ký số và những gì giữ cùng tệp gốc (nếu có)
    so/                  các dòng của sổ sự kiện về văn bản này, kèm chứng minh
    moc/                 mốc sổ: gốc cây băm, bản in, dấu thời gian (nếu có)
    manifest-sha256.txt  mã băm của mọi tệp trên
"""

SCRIPT = r"""#!/bin/sh
# Kiểm tra gói chứng cứ: chỉ dùng sha256sum và openssl. Mã thoát 0: đúng; 1: có chỗ sai.
# Dùng: sh kiem-tra.sh [CHUNG-THU-GOC.pem]
goc_tin_cay=$1
case $goc_tin_cay in ''|/*) ;; *) goc_tin_cay=$PWD/$goc_tin_cay ;; esac
cd "$(dirname "$0")" || exit 2
sai=0
bao_sai() { echo "SAI: $1"; sai=1; }
bam() { openssl dgst -sha256 -binary | openssl base64 -A; }
giai() { printf '%s' "$1" | openssl base64 -d -A; }

if sha256sum --quiet -c manifest-sha256.txt; then
    echo "Đúng: các tệp trong gói còn nguyên."
else
    bao_sai "có tệp trong gói đã thay đổi."
fi

for tep in goc/*; do
    ma=$(sha256sum < "$tep" | cut -c1-64)
    if grep -l '"kind":"\(received\|recovered\)"' so/*.json | xargs grep -q "$ma"; then
        echo "Đúng: sổ sự kiện ghi nhận $tep."
    else
        bao_sai "sổ sự kiện không ghi nhận $tep."
    fi
done

goc_cay=$(sed -n 's/.*"root": "\([0-9a-f]*\)".*/\1/p' moc/checkpoint.json)
for dong in so/*.json; do
    nut=$({ printf '\000'; cat "$dong"; } | bam)
    while read -r ben canh; do
        if [ "$ben" = T ]; then trai=$canh; phai=$nut; else trai=$nut; phai=$canh; fi
        nut=$({ printf '\001'; giai "$trai"; giai "$phai"; } | bam)
    done < "${dong%.json}.duong-dan"
    if [ "$(giai "$nut" | od -An -v -tx1 | tr -d ' \n')" = "$goc_cay" ]; then
        echo "Đúng: $dong nằm dưới gốc cây băm của mốc sổ."
    else
        bao_sai "$dong không nằm dưới gốc cây băm của mốc sổ."
    fi
done

echo "Gốc cây băm, so với bản in đã ký: $goc_cay"
if [ -f moc/timestamp.tsr ] && [ -n "$goc_tin_cay" ]; then
    if openssl ts -verify -data moc/checkpoint.json -in moc/timestamp.tsr -CAfile "$goc_tin_cay" >/dev/null 2>&1; then
        echo "Đúng: dấu thời gian của mốc sổ: $(openssl ts -reply -in moc/timestamp.tsr -text 2>/dev/null |
            sed -n 's/^Time stamp: //p')"
    else
        bao_sai "dấu thời gian của mốc sổ."
    fi
fi

doan() { head -c "$2" "$1"; tail -c +"$(($3 + 1))" "$1" | head -c "$4"; }
xac_minh() {
    doan "$tep" $pham_vi |
        openssl cms -verify -inform DER -in "$ky" -binary -content /dev/stdin -out /dev/null "$@" 2>&1
}
for ky in chu-ky/*.p7s; do
    [ -f "$ky" ] || continue
    pham_vi=$(cut -d' ' -f2-4 "${ky%.p7s}.pham-vi")
    tep=$(ls -d goc/*)
    if xac_minh -noverify >/dev/null; then
        echo "Đúng: chữ ký $ky khớp với tệp gốc."
    else
        bao_sai "chữ ký $ky không khớp với tệp gốc."
        continue
    fi
    [ -n "$goc_tin_cay" ] || continue
    tam=$(mktemp) || exit 2
    cat "$goc_tin_cay" > "$tam"
    cat chu-ky/chung-thu.pem > "$tam.them" 2>/dev/null
    luc=$(cat chu-ky/luc-nhan)
    if xac_minh -CAfile "$tam" -certfile "$tam.them" -purpose any -attime "$luc" >/dev/null; then
        echo "Đúng: chứng thư của $ky dẫn đến gốc tin cậy và còn hạn khi nhận."
        if [ -f chu-ky/thu-hoi.pem ]; then
            cat chu-ky/thu-hoi.pem >> "$tam"
            case $(xac_minh -CAfile "$tam" -certfile "$tam.them" -purpose any -attime "$luc" -crl_check) in
                *revoked*) bao_sai "chứng thư của $ky đã bị thu hồi." ;;
                *uccessful*) echo "Đúng: chứng thư của $ky không bị thu hồi, theo danh sách giữ khi nhận." ;;
                *) echo "Chưa rõ: danh sách thu hồi giữ khi nhận không nói về chứng thư của $ky." ;;
            esac
        fi
    else
        echo "Chưa rõ: chứng thư của $ky không dẫn đến gốc đã đưa, hoặc hết hạn khi nhận."
    fi
    rm -f "$tam" "$tam.them"
done
if [ "$sai" = 0 ]; then echo "Gói chứng cứ nguyên vẹn."; else echo "Gói chứng cứ CÓ CHỖ SAI."; fi
exit "$sai"
"""
